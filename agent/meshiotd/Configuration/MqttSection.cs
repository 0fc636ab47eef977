using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Health;
using MeshIoT.Mqtt;
using MeshIoT.Mqtt.Access;
using MeshIoT.Mqtt.Broker;
using MeshIoT.Mqtt.HomeAssistant;
using MeshIoT.Mqtt.Topics;

namespace MeshIoT.Agent.Configuration;

/// <summary>The section <c>[mqtt]</c>: the gateway's own broker, its users (<c>[[mqtt.user]]</c>) and how values are named there.</summary>
internal static class MqttSection
{
    public const string Name = "mqtt";

    const int MostUsers = 1024, MostListeners = 16;

    const long KiB = 1024, MiB = 1024 * KiB;

    static readonly string[] Everything = ["#"];

    /// <summary>Null when there is no such section.</summary>
    public static MqttOptions? Read(ConfigTable root)
    {
        if (root.Table(Name) is not { } table)
        {
            return null;
        }

        BrokerOptions usual = new();
        BrokerOptions broker = usual with
        {
            MostPacketBytes = (int)(table.Bytes("packet_size", KiB, 16 * MiB) ?? usual.MostPacketBytes),
            MostConnections = (int)(table.Whole("connections", 1, 100_000) ?? usual.MostConnections),
            MostQueued = (int)(table.Whole("queue_messages", 1, 1_000_000) ?? usual.MostQueued),
            MostQueuedBytes = table.Bytes("queue_bytes", KiB, 1024 * MiB) ?? usual.MostQueuedBytes,
            MostSessions = (int)(table.Whole("sessions", 0, 100_000) ?? usual.MostSessions),
            SessionExpiry = table.Time("session_expiry", TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)) ?? usual.SessionExpiry,
            MostRetained = (int)(table.Whole("retained_messages", 0, 1_000_000) ?? usual.MostRetained),
            MostRetainedBytes = table.Bytes("retained_bytes", 0, 1024 * MiB) ?? usual.MostRetainedBytes,
        };
        MqttOptions options = new()
        {
            Site = Level(table, "site", "home"),
            Listen = table.Has("listen") ? Listen(table) : ["tailnet", "localhost"],
            Port = (int)(table.Whole("port", 1, 65_535) ?? 1883),
            Broker = broker,
            Access = Access(table),
            Discovery = new DiscoveryOptions { IsOn = table.Flag("discovery", true), Prefix = Level(table, "discovery_prefix", "homeassistant") },
            IsSparkplug = table.Flag("sparkplug", false),
            Keeps = table.Flag("keep", true),
        };
        table.Finish();
        return options;
    }

    /// <summary>A list of filters; throws for one that is none.</summary>
    internal static IReadOnlyList<string> Filters(ConfigTable table, string key)
    {
        IReadOnlyList<string> filters = table.Texts(key, 256);
        return filters.All(f => TopicRules.IsFilter(f.Replace("%u", "u", StringComparison.Ordinal))) ? filters
            : throw table.Malformed(key, "a list of topic filters such as \"meshiot/#\"");
    }

    static string Level(ConfigTable table, string key, string otherwise) =>
        table.Text(key, otherwise, 64) is var text && TopicRules.IsName(text) && TopicRules.Level(text) == text ? text : throw table.Malformed(key, "one level of a topic: no /, +, #, $ or space");

    static IReadOnlyList<string> Listen(ConfigTable table)
    {
        IReadOnlyList<string> listen = table.Texts("listen", MostListeners);
        return listen.All(at => at is "tailnet" or "localhost" || (IPEndPoint.TryParse(at, out IPEndPoint? end) && end.Port > 0)) ? listen
            : throw table.Malformed("listen", "a list of \"tailnet\", \"localhost\" and ADDRESS:PORT such as \"0.0.0.0:1883\"");
    }

    static AccessList Access(ConfigTable table)
    {
        string file = table.Text("users_file", "", 4096);
        IReadOnlyDictionary<string, string> hashes = file.Length > 0 ? PasswordFile.Read(file) : new Dictionary<string, string>();
        MqttUser? anonymous = table.Choice("anonymous", hashes.Count > 0 ? "none" : "read", "none", "read", "all") switch
        {
            "read" => new MqttUser("", "", Everything, []),
            "all" => new MqttUser("", "", Everything, Everything),
            _ => null,
        };
        List<MqttUser> users = [];
        foreach (ConfigTable user in table.All("user", MostUsers))
        {
            string name = user.Required("name", "a name");
            if (!PasswordFile.IsUserName(name) || users.Exists(u => u.Name == name))
            {
                throw user.Malformed("name", "a name of its own of at most 64 letters, digits, _ - . @");
            }

            if (!hashes.TryGetValue(name, out string? hash))
            {
                throw Faults.MqttUserUnknown.With(name, user.Origin, file.Length > 0 ? file : "users_file").ToException();
            }

            users.Add(new MqttUser(name, hash, user.Has("read") ? Filters(user, "read") : Everything, Filters(user, "write")));
            user.Finish();
        }

        // A user of the file of whom nothing is said may read.
        users.AddRange(hashes.Where(h => !users.Exists(u => u.Name == h.Key)).Select(h => new MqttUser(h.Key, h.Value, Everything, [])).ToArray());
        return new AccessList(users, anonymous);
    }
}
