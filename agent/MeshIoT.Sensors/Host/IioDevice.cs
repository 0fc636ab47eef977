using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Host;

/// <summary>
/// A device of the kernel's Industrial I/O as an entry describes it, and the DHT22 and DHT11, whose bits only the kernel times well enough (its driver
/// dht11).
/// </summary>
public sealed class IioDevice : SensorDevice
{
    /// <summary>A DHT's answer is lost now and then; the kernel says so by an error.</summary>
    const int Attempts = 3;

    static readonly string[] DhtChannels = ["temp", "humidityrelative"];

    readonly SensorEntry entry;
    readonly string root;
    readonly Func<string, bool> isMeant;
    readonly string[] channels;
    readonly string hint;

    IioDevice(SensorEntry entry, string root, Func<string, bool> isMeant, string[] channels, string hint, string lane)
        : base(EntryChannel.Describe(entry, Array.ConvertAll(channels, static c => IioSensors.Kind(c)!.Value)), lane) =>
        (this.entry, this.root, this.isMeant, this.channels, this.hint) = (entry, root, isMeant, channels, hint);

    /// <summary>The drivers <c>iio</c> and <c>dht22</c>.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("iio", "a device that the kernel's Industrial I/O reads", Create)
        {
            Options = new Dictionary<string, string>
            {
                ["device"] = "its name (\"ads1015\"), its label, or \"iio:device0\"",
                ["channel"] = "a channel without in_ (\"voltage0\"), or a list of them; left out: all that are there at start",
            },
        },
        new Driver("dht22", "DHT22, AM2302 or DHT11 through the kernel's driver dht11 (Raspberry Pi: dtoverlay=dht11,gpiopin=4)", CreateDht)
        {
            Options = new Dictionary<string, string>
            {
                ["device"] = "which one, where there are several: \"dht11@4\" or \"iio:device0\"",
            },
        },
    ];

    /// <inheritdoc/>
    public override FaultReport? Read(long unixMs, Span<double> values)
    {
        List<string> found = IioSensors.Find(root, isMeant);
        if (found.Count != 1)
        {
            return Faults.SensorSilent.With(entry.Id, found.Count == 0 ? "it is not there" + hint
                : $"there are several of that name: {string.Join(", ", found.Select(Path.GetFileName))}; the entry's device says which");
        }

        FaultReport? trouble = null;
        for (int i = 0; i < channels.Length; i++)
        {
            bool isRead = false;
            for (int attempt = 0; attempt < Attempts && !isRead; attempt++)
            {
                isRead = IioSensors.TryRead(found[0], channels[i], unixMs, out values[i]);
            }

            if (!isRead)
            {
                values[i] = double.NaN;
                trouble = Faults.SensorSilent.With(entry.Id, $"the kernel gives no {channels[i]} of {Path.GetFileName(found[0])}");
            }
        }

        return trouble;
    }

    static IioDevice Create(SensorEntry entry, IWiring wiring)
    {
        EntryOptions options = new(entry.Options, entry.Origin);
        string device = options.Text("device");
        if (device.Length is 0 or > 64 || device.Contains('/', StringComparison.Ordinal))
        {
            throw options.Malformed("device", "the name of a device, such as \"ads1015\" or \"iio:device0\"");
        }

        string[] channels = [.. options.List("channel", 16, 40)];
        if (channels.Length == 0)
        {
            List<string> found = IioSensors.Find(wiring.Root, name => name == device);
            channels = found.Count == 1 ? [.. IioSensors.Channels(found[0])] : [];
            if (channels.Length == 0)
            {
                throw options.Malformed("channel", "said where the device is not there at start, or has no channel that is known: channel = \"voltage0\"");
            }
        }

        foreach (string channel in channels)
        {
            if (IioSensors.Kind(channel) is null || channel.Contains('/', StringComparison.Ordinal) || channels.Count(c => c == channel) > 1)
            {
                throw options.Malformed("channel", "a channel whose unit is known (temp, humidityrelative, pressure, illuminance, voltage…, current…, concentration_co2), once each");
            }
        }

        return new IioDevice(entry, wiring.Root, name => name == device, channels, "", "iio");
    }

    static IioDevice CreateDht(SensorEntry entry, IWiring wiring)
    {
        string device = new EntryOptions(entry.Options, entry.Origin).Text("device");
        return new IioDevice(entry, wiring.Root,
            device.Length > 0 ? name => name == device : static name => name.StartsWith("dht11", StringComparison.Ordinal) || name.StartsWith("dht22", StringComparison.Ordinal),
            DhtChannels, " (Raspberry Pi: dtoverlay=dht11,gpiopin=4 in config.txt)", "dht");
    }
}
