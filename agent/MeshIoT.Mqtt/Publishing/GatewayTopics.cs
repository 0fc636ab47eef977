using System;
using MeshIoT.Mqtt.Topics;
using MeshIoT.Sensors;

namespace MeshIoT.Mqtt.Publishing;

/// <summary>The topics of one gateway: <c>meshiot/SITE/GATEWAY/DEVICE/VALUE</c>, its state and its commands.</summary>
public sealed record GatewayTopics
{
    /// <param name="site">Where the gateway is; folded to one level.</param>
    /// <param name="gateway">Its name; folded to one level.</param>
    public GatewayTopics(string site, string gateway) => (Site, Gateway, Prefix) =
        (TopicRules.Level(site), TopicRules.Level(gateway), $"meshiot/{TopicRules.Level(site)}/{TopicRules.Level(gateway)}");

    /// <summary>Where the gateway is.</summary>
    public string Site { get; }

    /// <summary>The gateway's name.</summary>
    public string Gateway { get; }

    /// <summary>What all of them begin with.</summary>
    public string Prefix { get; init; }

    /// <summary>"online" or "offline", retained; the latter is the last will.</summary>
    public string Status => Prefix + "/status";

    /// <summary>What is wrong, retained, as JSON.</summary>
    public string Health => Prefix + "/health";

    /// <summary>The topic of a value.</summary>
    public string Of(SensorDescription sensor) => $"{Prefix}/{TopicRules.Level(sensor.Device)}/{TopicRules.Level(KeyOf(sensor))}";

    /// <summary>The topic on which a value of an output is wished for.</summary>
    public string SetOf(string device, string key) => $"{Prefix}/{TopicRules.Level(device)}/{TopicRules.Level(key)}/set";

    /// <summary>Takes a command's topic apart; false when it is none of this gateway's.</summary>
    public bool TryCommand(string topic, out string device, out string key)
    {
        (device, key) = ("", "");
        if (!topic.StartsWith(Prefix, StringComparison.Ordinal) || topic.Length <= Prefix.Length || topic[Prefix.Length] != '/')
        {
            return false;
        }

        string[] levels = topic[(Prefix.Length + 1)..].Split('/');
        if (levels is not [{ Length: > 0 } first, { Length: > 0 } second, "set"])
        {
            return false;
        }

        (device, key) = (first, second);
        return true;
    }

    /// <summary>The last level of a value's topic: the last part of its id where its device has several values, else what it measures.</summary>
    public static string KeyOf(SensorDescription sensor) =>
        sensor.Id.Length > sensor.Device.Length + 1 && sensor.Id.StartsWith(sensor.Device, StringComparison.Ordinal) && sensor.Id[sensor.Device.Length] == '.'
            ? sensor.Id[(sensor.Device.Length + 1)..] : sensor.Quantity;
}
