using System;
using System.Collections.Generic;
using System.Device.Gpio;
using System.IO;
using System.Threading;

namespace MeshIoT.Sensors.Tests.Gpio;

/// <summary>A GPIO chip of 54 lines whose inputs a test drives; it keeps what happened to its pins. The wiring that leads to it is <see cref="FakeWiring"/>.</summary>
internal sealed class FakePins : GpioDriver
{
    readonly Dictionary<int, PinMode> modes = [];
    readonly Dictionary<int, bool> levels = [];
    readonly List<(int Pin, PinEventTypes Types, PinChangeEventHandler Told)> callbacks = [];

    /// <summary>"open 4", "output 4 low", "close 4" …</summary>
    public List<string> Log { get; } = [];

    /// <summary>True: everything that is asked of it fails.</summary>
    public bool IsBroken { get; set; }

    protected override int PinCount => 54;

    /// <summary>Puts an input to a level and tells of the edge.</summary>
    public void Drive(int pin, bool level)
    {
        if (levels.GetValueOrDefault(pin) == level)
        {
            return;
        }

        levels[pin] = level;
        PinEventTypes type = level ? PinEventTypes.Rising : PinEventTypes.Falling;
        foreach ((int p, PinEventTypes types, PinChangeEventHandler told) in callbacks.ToArray())
        {
            if (p == pin && (types & type) != 0)
            {
                told(this, new PinValueChangedEventArgs(type, pin));
            }
        }
    }

    /// <summary>Puts an input to a level; the edge is lost.</summary>
    public void DriveSilently(int pin, bool level) => levels[pin] = level;

    public bool Level(int pin) => levels.GetValueOrDefault(pin);

    public PinMode Mode(int pin) => modes[pin];

    protected override void OpenPin(int pinNumber) => Do($"open {pinNumber}", () => modes[pinNumber] = PinMode.Input);

    protected override void ClosePin(int pinNumber)
    {
        Log.Add($"close {pinNumber}");
        modes.Remove(pinNumber);
    }

    protected override void SetPinMode(int pinNumber, PinMode mode) => Do($"{mode} {pinNumber}", () => modes[pinNumber] = mode);

    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue) => Do($"{mode} {pinNumber} {initialValue}", () =>
    {
        modes[pinNumber] = mode;
        levels[pinNumber] = initialValue == PinValue.High;
    });

    protected override PinMode GetPinMode(int pinNumber) => modes[pinNumber];

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => true;

    protected override PinValue Read(int pinNumber) => IsBroken ? throw new IOException("the chip is gone") : levels.GetValueOrDefault(pinNumber);

    protected override void Toggle(int pinNumber) => Write(pinNumber, !Read(pinNumber));

    protected override void Write(int pinNumber, PinValue value) => Do($"write {pinNumber} {value}", () => levels[pinNumber] = value == PinValue.High);

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) => throw new NotSupportedException();

    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) => callbacks.Add((pinNumber, eventTypes, callback));

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) => callbacks.RemoveAll(c => c.Pin == pinNumber && c.Told == callback);

    void Do(string what, Action action)
    {
        if (IsBroken)
        {
            throw new IOException("the chip is gone");
        }

        Log.Add(what);
        action();
    }
}
