using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using MeshIoT.Mqtt.Publishing;
using MeshIoT.Sensors;

namespace MeshIoT.Mqtt.HomeAssistant;

/// <summary>
/// Home Assistant's device discovery (MQTT integration, since 2024.11): one retained message a device on <c>PREFIX/device/ID/config</c>, with the device,
/// the origin and all components. The gateway itself is a device with a connectivity and a problem sensor; sensors of the machine belong to it.
/// </summary>
/// <param name="topics">The gateway's topics.</param>
/// <param name="options">How to announce.</param>
/// <param name="version">The gateway's version.</param>
public sealed class DeviceDiscovery(GatewayTopics topics, DiscoveryOptions options, string version)
{
    static readonly JsonWriterOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Home Assistant takes "None" for a state that nobody knows.
    const string OnOff = "{{ 'None' if value_json.v is none else ('ON' if value_json.v else 'OFF') }}";

    // What the machine itself is measured by, without an entry of its own.
    static readonly HashSet<string> OfMachine = new(StringComparer.Ordinal) { "host", "hwmon", "thermal" };

    /// <summary>Home Assistant says "online" here when it has started, and wants everything announced again.</summary>
    public string StatusTopic => options.Prefix + "/status";

    /// <summary>All announcements for these values and outputs: topic and payload.</summary>
    public IReadOnlyDictionary<string, byte[]> Announce(IReadOnlyList<SensorDescription> sensors, IReadOnlyList<OutputDescription> outputs)
    {
        Dictionary<string, byte[]> announcements = new(StringComparer.Ordinal);
        if (!options.IsOn)
        {
            return announcements;
        }

        Dictionary<string, List<SensorDescription>> byDevice = new(StringComparer.Ordinal) { [""] = [] };
        foreach (SensorDescription sensor in sensors)
        {
            string device = OfMachine.Contains(sensor.Driver) && sensor.Device == sensor.Id ? "" : sensor.Device;
            if (!byDevice.TryGetValue(device, out List<SensorDescription>? list))
            {
                byDevice[device] = list = [];
            }

            list.Add(sensor);
        }

        ILookup<string, OutputDescription> outputsByDevice = outputs.ToLookup(o => o.Id, StringComparer.Ordinal);
        foreach (string device in byDevice.Keys.Concat(outputsByDevice.Select(g => g.Key)).Distinct().ToArray())
        {
            string id = IdOf(device);
            announcements[$"{options.Prefix}/device/{id}/config"] = Write(device, id, byDevice.GetValueOrDefault(device) ?? [], [.. outputsByDevice[device]]);
        }

        return announcements;
    }

    // Home Assistant takes [a-zA-Z0-9_-] in a discovery topic.
    string IdOf(string device)
    {
        StringBuilder id = new("meshiot_");
        foreach (char c in device.Length == 0 ? topics.Gateway : topics.Gateway + "_" + device)
        {
            id.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_');
        }

        return id.ToString();
    }

    byte[] Write(string device, string id, List<SensorDescription> sensors, OutputDescription[] outputs)
    {
        ArrayBufferWriter<byte> into = new(1024);
        using (Utf8JsonWriter json = new(into, Plain))
        {
            json.WriteStartObject();
            WriteDevice(json, device, id, sensors, outputs);
            json.WriteStartObject("o");
            json.WriteString("name", "MeshIoT");
            json.WriteString("sw", version);
            json.WriteEndObject();
            json.WriteString("avty_t", topics.Status);
            json.WriteNumber("qos", 1);
            json.WriteStartObject("cmps");
            if (device.Length == 0)
            {
                WriteGateway(json, id);
            }

            foreach (SensorDescription sensor in sensors)
            {
                WriteSensor(json, device, id, sensor);
            }

            foreach (OutputDescription output in outputs)
            {
                WriteOutput(json, id, output);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return into.WrittenSpan.ToArray();
    }

    void WriteDevice(Utf8JsonWriter json, string device, string id, List<SensorDescription> sensors, OutputDescription[] outputs)
    {
        json.WriteStartObject("dev");
        json.WriteStartArray("ids");
        json.WriteStringValue(id);
        json.WriteEndArray();
        json.WriteString("mf", "MeshIoT");
        if (device.Length == 0)
        {
            json.WriteString("name", topics.Gateway);
            json.WriteString("mdl", "gateway");
            json.WriteString("sw", version);
        }
        else
        {
            json.WriteString("name", NameOf(device, sensors, outputs));
            json.WriteString("mdl", sensors.Count > 0 ? sensors[0].Driver + (sensors[0].Simulated ? " (simulated)" : "") : outputs[0].Driver);
            json.WriteString("via_device", IdOf(""));
            if ((sensors.Count > 0 ? sensors[0].Room : outputs[0].Room) is { Length: > 0 } room)
            {
                json.WriteString("sa", room);
            }
        }

        json.WriteEndObject();
    }

    void WriteGateway(Utf8JsonWriter json, string id)
    {
        json.WriteStartObject("connection");
        json.WriteString("p", "binary_sensor");
        json.WriteString("uniq_id", id + "_connection");
        json.WriteString("name", "Connection");
        json.WriteString("dev_cla", "connectivity");
        json.WriteString("ent_cat", "diagnostic");
        json.WriteString("stat_t", topics.Status);
        json.WriteString("pl_on", "online");
        json.WriteString("pl_off", "offline");

        // A connection that is gone must show as gone, and not as unavailable: whatever the topic says, the sensor is available.
        json.WriteString("avty_t", topics.Status);
        json.WriteString("avty_tpl", "online");
        json.WriteEndObject();
        json.WriteStartObject("problem");
        json.WriteString("p", "binary_sensor");
        json.WriteString("uniq_id", id + "_problem");
        json.WriteString("name", "Problem");
        json.WriteString("dev_cla", "problem");
        json.WriteString("ent_cat", "diagnostic");
        json.WriteString("stat_t", topics.Health);
        json.WriteString("val_tpl", "{{ 'ON' if value_json.problem else 'OFF' }}");
        json.WriteString("json_attr_t", topics.Health);
        json.WriteEndObject();
    }

    void WriteSensor(Utf8JsonWriter json, string device, string id, SensorDescription sensor)
    {
        string key = Component(device.Length == 0 ? sensor.Id : GatewayTopics.KeyOf(sensor));
        bool isState = DeviceClasses.IsState(sensor.Quantity, sensor.Unit);
        json.WriteStartObject(key);
        json.WriteString("p", isState ? "binary_sensor" : "sensor");
        json.WriteString("uniq_id", id + "_" + key);
        json.WriteString("name", device.Length == 0 ? sensor.Name : Words(GatewayTopics.KeyOf(sensor)));
        json.WriteString("stat_t", topics.Of(sensor));
        json.WriteString("val_tpl", isState ? OnOff : "{{ value_json.v }}");
        if (device.Length == 0)
        {
            json.WriteString("ent_cat", "diagnostic");
        }

        if (DeviceClasses.Of(sensor.Quantity, sensor.Unit) is { } known)
        {
            json.WriteString("dev_cla", known);
        }

        if (!isState)
        {
            WriteNumber(json, sensor);
        }

        json.WriteEndObject();
    }

    static void WriteNumber(Utf8JsonWriter json, SensorDescription sensor)
    {
        if (sensor.Unit.Length > 0)
        {
            json.WriteString("unit_of_meas", sensor.Unit);
        }

        if (DeviceClasses.StateOf(sensor.Quantity) is { } state)
        {
            json.WriteString("stat_cla", state);
        }

        json.WriteNumber("suggested_display_precision", sensor.Decimals);
    }

    void WriteOutput(Utf8JsonWriter json, string id, OutputDescription output)
    {
        bool isSwitch = output.Kind == OutputKind.Switch;
        string key = OutputReading.KeyOf(output);
        json.WriteStartObject(key);
        json.WriteString("p", isSwitch ? "switch" : "number");
        json.WriteString("uniq_id", id + "_" + key);
        json.WriteString("name", Words(key));
        json.WriteString("stat_t", topics.Of(OutputReading.Of(new OutputState(output, null, 0, "")).Sensor));
        json.WriteString("cmd_t", topics.SetOf(output.Id, key));
        json.WriteString("val_tpl", isSwitch ? OnOff : "{{ value_json.v }}");
        if (!isSwitch)
        {
            json.WriteNumber("min", output.Lowest);
            json.WriteNumber("max", output.Highest);
            json.WriteNumber("step", (output.Highest - output.Lowest) / 1000);
            if (output.Unit.Length > 0)
            {
                json.WriteString("unit_of_meas", output.Unit);
            }
        }

        json.WriteEndObject();
    }

    static string NameOf(string device, List<SensorDescription> sensors, OutputDescription[] outputs)
    {
        if (sensors.Count == 0)
        {
            return outputs[0].Name;
        }

        // Values of a device of several are named NAME KEY.
        string name = sensors[0].Name, tail = " " + GatewayTopics.KeyOf(sensors[0]).Replace('_', ' ');
        return sensors[0].Id != device && name.EndsWith(tail, StringComparison.Ordinal) ? name[..^tail.Length] : name;
    }

    static string Component(string key) => string.Concat(key.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'));

    static string Words(string key) => key.Length == 0 ? key : char.ToUpperInvariant(key[0]) + key[1..].Replace('_', ' ');
}
