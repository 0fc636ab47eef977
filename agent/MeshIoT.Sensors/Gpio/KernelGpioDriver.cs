using System;
using System.Collections.Generic;
using System.Device.Gpio;
using System.Threading;
using MeshIoT.Health;
using MeshIoT.Linux.Gpio;

namespace MeshIoT.Sensors.Gpio;

/// <summary>
/// Lines of a GPIO chip through the kernel's character device, for <see cref="GpioController"/>. It needs no library, behaves alike on every
/// distribution, sets an output's first value without a glitch and tells edges with the kernel's own time. Any thread.
/// </summary>
internal sealed class KernelGpioDriver(GpioChip chip) : GpioDriver
{
    const string Consumer = "meshiotd";

    readonly object gate = new();
    readonly Dictionary<int, KernelPin> pins = [];
    EdgeWatch? watch;

    protected override int PinCount => chip.Info.Lines;

    protected override void OpenPin(int pinNumber)
    {
        if (pinNumber < 0 || pinNumber >= PinCount)
        {
            throw Faults.GpioLineUnknown.With(pinNumber, chip.Info.Name, chip.Info.Label, PinCount).ToException();
        }

        lock (gate)
        {
            pins[pinNumber] = new KernelPin { Mode = chip.Line(pinNumber).IsOutput ? PinMode.Output : PinMode.Input };
        }
    }

    protected override void ClosePin(int pinNumber)
    {
        KernelPin? pin;
        lock (gate)
        {
            pins.Remove(pinNumber, out pin);
        }

        if (pin?.Line is { } line)
        {
            watch?.Remove(line);
            line.Dispose();
        }
    }

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => mode is PinMode.Input or PinMode.InputPullUp or PinMode.InputPullDown or PinMode.Output;

    protected override PinMode GetPinMode(int pinNumber)
    {
        lock (gate)
        {
            return Of(pinNumber).Mode;
        }
    }

    protected override void SetPinMode(int pinNumber, PinMode mode) => Become(pinNumber, mode, null);

    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue) => Become(pinNumber, mode, initialValue == PinValue.High);

    protected override PinValue Read(int pinNumber)
    {
        lock (gate)
        {
            return Line(pinNumber).Read() ? PinValue.High : PinValue.Low;
        }
    }

    protected override void Toggle(int pinNumber)
    {
        lock (gate)
        {
            GpioLine line = Line(pinNumber);
            line.Write(!line.Read());
        }
    }

    protected override void Write(int pinNumber, PinValue value)
    {
        lock (gate)
        {
            Line(pinNumber).Write(value == PinValue.High);
        }
    }

    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback)
    {
        lock (gate)
        {
            KernelPin pin = Of(pinNumber);
            GpioLine line = Line(pinNumber);
            bool wanted = pin.WantsEdges;
            pin.Rising += (eventTypes & PinEventTypes.Rising) != 0 ? callback : null;
            pin.Falling += (eventTypes & PinEventTypes.Falling) != 0 ? callback : null;
            if (!wanted && pin.WantsEdges)
            {
                line.BecomeInput(pin.Bias, rising: true, falling: true);
                (watch ??= new EdgeWatch(Tell, "edges of " + chip.Info.Name)).Add(line);
            }
        }
    }

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
        lock (gate)
        {
            KernelPin pin = Of(pinNumber);
            bool wanted = pin.WantsEdges;
            pin.Rising -= callback;
            pin.Falling -= callback;
            if (wanted && !pin.WantsEdges)
            {
                // The watch keeps the line until it is closed: without edges it is never ready.
                pin.Line!.BecomeInput(pin.Bias, rising: false, falling: false);
            }
        }
    }

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken)
    {
        using ManualResetEventSlim seen = new();
        PinEventTypes which = PinEventTypes.None;
        void Note(object sender, PinValueChangedEventArgs e)
        {
            which = e.ChangeType;
            seen.Set();
        }

        AddCallbackForPinValueChangedEvent(pinNumber, eventTypes, Note);
        try
        {
            seen.Wait(cancellationToken);
            return new WaitForEventResult { EventTypes = which };
        }
        catch (OperationCanceledException)
        {
            return new WaitForEventResult { TimedOut = true };
        }
        finally
        {
            RemoveCallbackForPinValueChangedEvent(pinNumber, Note);
        }
    }

    protected override void Dispose(bool disposing)
    {
        watch?.Dispose();
        lock (gate)
        {
            foreach (KernelPin pin in pins.Values)
            {
                pin.Line?.Dispose();
            }

            pins.Clear();
        }

        chip.Dispose();
        base.Dispose(disposing);
    }

    void Become(int pinNumber, PinMode mode, bool? value)
    {
        lock (gate)
        {
            KernelPin pin = Of(pinNumber);
            bool first = value ?? (mode == PinMode.Output && pin.Line is { } held && held.Read());
            pin.Mode = mode;
            if (pin.Line is { } line)
            {
                if (mode == PinMode.Output)
                {
                    line.BecomeOutput(first);
                }
                else
                {
                    line.BecomeInput(pin.Bias, pin.WantsEdges, pin.WantsEdges);
                }
            }
            else
            {
                pin.Line = mode == PinMode.Output ? chip.Output(pinNumber, Consumer, first) : chip.Input(pinNumber, Consumer, pin.Bias, false, false);
            }
        }
    }

    KernelPin Of(int pinNumber) => pins.TryGetValue(pinNumber, out KernelPin? pin) ? pin : throw new InvalidOperationException($"Pin {pinNumber} is not open.");

    GpioLine Line(int pinNumber)
    {
        KernelPin pin = Of(pinNumber);
        return pin.Line ??= pin.Mode == PinMode.Output ? chip.Output(pinNumber, Consumer, false) : chip.Input(pinNumber, Consumer, pin.Bias, false, false);
    }

    void Tell(GpioLine line, GpioEdge edge)
    {
        PinChangeEventHandler? handler;
        lock (gate)
        {
            handler = !pins.TryGetValue(line.Offset, out KernelPin? pin) || pin.Line != line ? null : edge.IsRising ? pin.Rising : pin.Falling;
        }

        handler?.Invoke(this, new PinEdgeEventArgs(edge.IsRising ? PinEventTypes.Rising : PinEventTypes.Falling, line.Offset, edge.TimestampNs));
    }
}
