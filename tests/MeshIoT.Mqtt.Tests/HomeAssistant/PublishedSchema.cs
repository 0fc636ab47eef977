using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace MeshIoT.Mqtt.Tests.HomeAssistant;

/// <summary>
/// What Home Assistant's MQTT integration takes as a device announcement, written down from its sources (components/mqtt/schemas.py: DEVICE_DISCOVERY_SCHEMA,
/// MQTT_ENTITY_DEVICE_INFO_SCHEMA, MQTT_ORIGIN_INFO_SCHEMA, MQTT_AVAILABILITY_SCHEMA; abbreviations.py; sensor, binary_sensor, switch and number platforms;
/// components/sensor/const.py for device classes). A second account of the rules, independent of the program's own table.
/// </summary>
internal static class PublishedSchema
{
    static readonly Dictionary<string, string> Abbreviations = new(StringComparer.Ordinal)
    {
        ["dev"] = "device", ["o"] = "origin", ["cmps"] = "components", ["p"] = "platform", ["avty_t"] = "availability_topic", ["avty_tpl"] = "availability_template",
        ["stat_t"] = "state_topic", ["cmd_t"] = "command_topic", ["uniq_id"] = "unique_id", ["dev_cla"] = "device_class", ["unit_of_meas"] = "unit_of_measurement",
        ["stat_cla"] = "state_class", ["val_tpl"] = "value_template", ["ent_cat"] = "entity_category", ["pl_on"] = "payload_on", ["pl_off"] = "payload_off",
        ["json_attr_t"] = "json_attributes_topic", ["ids"] = "identifiers", ["mf"] = "manufacturer", ["mdl"] = "model", ["sw"] = "sw_version", ["sa"] = "suggested_area",
    };

    static readonly string[] Root = ["device", "origin", "components", "availability_topic", "state_topic", "command_topic", "qos", "encoding"];

    static readonly string[] Device = ["identifiers", "manufacturer", "model", "name", "sw_version", "via_device", "suggested_area", "hw_version", "serial_number", "configuration_url"];

    static readonly string[] Entity = ["platform", "unique_id", "name", "device_class", "entity_category", "state_topic", "value_template", "availability_topic", "availability_template", "json_attributes_topic", "qos"];

    static readonly Dictionary<string, string[]> Platforms = new(StringComparer.Ordinal)
    {
        ["sensor"] = [.. Entity, "unit_of_measurement", "state_class", "suggested_display_precision", "expire_after"],
        ["binary_sensor"] = [.. Entity, "payload_on", "payload_off"],
        ["switch"] = [.. Entity, "command_topic", "payload_on", "payload_off"],
        ["number"] = [.. Entity, "command_topic", "unit_of_measurement", "min", "max", "step"],
    };

    // The units of homeassistant/const.py: UnitOfTemperature, UnitOfPressure, UnitOfElectricPotential, …
    static readonly Dictionary<string, string[]> Units = new(StringComparer.Ordinal)
    {
        ["temperature"] = ["°C", "°F", "K"], ["humidity"] = ["%"], ["illuminance"] = ["lx"], ["carbon_dioxide"] = ["ppm"], ["carbon_monoxide"] = ["ppm"],
        ["pressure"] = ["mPa", "Pa", "hPa", "kPa", "bar", "cbar", "mbar", "mmHg", "inHg", "inH₂O", "psi"],
        ["voltage"] = ["μV", "mV", "V", "kV", "MV"], ["current"] = ["μA", "mA", "A"], ["power"] = ["mW", "W", "kW", "MW", "GW", "TW"],
        ["distance"] = ["km", "m", "cm", "mm", "mi", "nmi", "yd", "in", "ft"], ["frequency"] = ["mHz", "Hz", "kHz", "MHz", "GHz"],
        ["speed"] = ["ft/s", "in/s", "m/min", "m/s", "km/h", "kn", "mph", "mm/s", "Beaufort", "mm/d", "mm/h", "in/d", "in/h"],
        ["wind_speed"] = ["ft/s", "in/s", "m/min", "m/s", "km/h", "kn", "mph", "mm/s", "Beaufort"],
        ["volume"] = ["ft³", "CCF", "MCF", "m³", "L", "mL", "gal", "fl. oz."], ["weight"] = ["kg", "g", "mg", "μg", "oz", "lb", "st"],
        ["energy"] = ["J", "kJ", "MJ", "GJ", "mWh", "Wh", "kWh", "MWh", "GWh", "TWh", "cal", "kcal", "Mcal", "Gcal"], ["aqi"] = [""], ["battery"] = ["%"], ["moisture"] = ["%"],
        ["atmospheric_pressure"] = ["mPa", "Pa", "hPa", "kPa", "bar", "cbar", "mbar", "mmHg", "inHg", "inH₂O", "psi"], ["precipitation"] = ["in", "cm", "mm"],
        ["signal_strength"] = ["dB", "dBm"], ["ph"] = [""], ["gas"] = ["CCF", "MCF", "ft³", "m³", "L"], ["water"] = ["CCF", "MCF", "ft³", "m³", "gal", "L"],
    };

    static readonly string[] BinaryClasses = ["connectivity", "problem", "opening", "moisture", "motion", "door", "window"], StateClasses = ["measurement", "total", "total_increasing"];

    /// <summary>Fails for anything that Home Assistant would refuse. Returns the components by id, with long names.</summary>
    public static Dictionary<string, Dictionary<string, JsonElement>> Check(byte[] payload)
    {
        Dictionary<string, JsonElement> root = Long(JsonDocument.Parse(payload).RootElement);
        Assert.Empty(root.Keys.Except(Root));
        Dictionary<string, JsonElement> device = Long(root["device"]), origin = Long(root["origin"]);
        Assert.Empty(device.Keys.Except(Device));
        Assert.NotEmpty(device["identifiers"].EnumerateArray());
        Assert.True(origin.ContainsKey("name"));
        Assert.Empty(origin.Keys.Except(["name", "sw_version", "support_url"]));
        HashSet<string> ids = [];
        Dictionary<string, Dictionary<string, JsonElement>> components = [];
        foreach (JsonProperty component in root["components"].EnumerateObject())
        {
            Dictionary<string, JsonElement> entity = Long(component.Value);
            Assert.Empty(entity.Keys.Except(Platforms[entity["platform"].GetString()!]));
            Assert.True(ids.Add(entity["unique_id"].GetString()!));
            CheckClass(entity);
            components[component.Name] = entity;
        }

        Assert.NotEmpty(components);
        return components;
    }

    static void CheckClass(Dictionary<string, JsonElement> entity)
    {
        string? type = entity.TryGetValue("device_class", out JsonElement c) ? c.GetString() : null;
        if (entity["platform"].GetString() == "binary_sensor")
        {
            Assert.True(type is null || BinaryClasses.Contains(type), type);
            return;
        }

        if (entity.TryGetValue("state_class", out JsonElement state))
        {
            Assert.Contains(state.GetString(), StateClasses);
        }

        if (type is not null)
        {
            string unit = entity.TryGetValue("unit_of_measurement", out JsonElement u) ? u.GetString()! : "";
            Assert.True(Units.TryGetValue(type, out string[]? allowed), $"no unit is known for {type}");
            Assert.Contains(unit, allowed!);

            // Counting classes may not be measured at a moment.
            Assert.False(type is "energy" or "volume" or "water" or "gas" && state.ValueKind == JsonValueKind.String && state.GetString() == "measurement");
        }
    }

    static Dictionary<string, JsonElement> Long(JsonElement json)
    {
        Dictionary<string, JsonElement> named = new(StringComparer.Ordinal);
        foreach (JsonProperty property in json.EnumerateObject())
        {
            // Twice the same key, short and long, would be one of the two by chance.
            Assert.True(named.TryAdd(Abbreviations.GetValueOrDefault(property.Name, property.Name), property.Value), property.Name);
        }

        return named;
    }
}
