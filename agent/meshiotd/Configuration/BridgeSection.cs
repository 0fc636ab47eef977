using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Mqtt.Bridge;
using MeshIoT.Mqtt.Topics;

namespace MeshIoT.Agent.Configuration;

/// <summary>The <c>[[bridge]]</c> entries: other MQTT brokers.</summary>
internal static class BridgeSection
{
    public const string Name = "bridge";

    const int Most = 16, MostPairs = 64, LongestName = 40, Plain = 1883, Secure = 8883;

    /// <summary>Reads all entries of the file.</summary>
    public static IReadOnlyList<BridgeOptions> Read(ConfigTable root)
    {
        List<BridgeOptions> bridges = [];
        foreach (ConfigTable table in root.All(Name, Most))
        {
            BridgeOptions bridge = ReadOne(table);
            if (bridges.Exists(b => b.Name == bridge.Name))
            {
                throw table.Malformed("name", "a name that no other bridge has");
            }

            bridges.Add(bridge);
        }

        return bridges;
    }

    static BridgeOptions ReadOne(ConfigTable table)
    {
        string name = table.Required("name", "a name of a-z, 0-9, _ and -");
        if (name.Length > LongestName || !name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-'))
        {
            throw table.Malformed("name", $"a name of at most {LongestName} characters a-z, 0-9, _ and -");
        }

        if (table.Values.TryGetValue("password", out ConfigValue? secret))
        {
            throw Faults.SettingUnknown.With("password", secret.Origin, " A password stands in a file of its own: password_file.").ToException();
        }

        (string host, int port, bool isTls) = Address(table);
        List<TopicPair> map = [];
        if (table.Text("remote_prefix", "", 512) is { Length: > 0 } prefix)
        {
            map.Add(TopicRules.IsName(prefix) ? new TopicPair("", prefix) : throw table.Malformed("remote_prefix", "the beginning of a topic, without wildcards"));
        }

        BridgeOptions bridge = new()
        {
            Name = name,
            Host = host,
            Port = port,
            IsTls = isTls,
            User = table.Text("user"),
            PasswordFile = table.Text("password_file", "", 4096),
            CertificateFile = table.Text("certificate", "", 4096),
            KeyFile = table.Text("key", "", 4096),
            AuthorityFile = table.Text("ca", "", 4096),
            IsVersion5 = table.Choice("version", "5", "5", "3.1.1") == "5",
            ClientId = table.Text("client_id", "", 128),
            KeepAlive = table.Time("keep_alive", TimeSpan.FromSeconds(10), TimeSpan.FromHours(18)) ?? TimeSpan.FromSeconds(60),
            Out = table.Has("out") ? MqttSection.Filters(table, "out") : ["meshiot/#"],
            In = MqttSection.Filters(table, "in"),
            TakesCommands = table.Flag("commands", false),
            Discovery = table.Flag("discovery", true),
            IsSparkplug = table.Flag("sparkplug", false),
            MostPerSecond = (int)(table.Whole("rate", 1, 100_000) ?? 500),
            Map = [.. map, .. table.All("map", MostPairs).Select(Pair)],
        };
        if (bridge.PasswordFile.Length > 0 && bridge.User.Length == 0)
        {
            throw table.Malformed("user", "the user whose password is in password_file");
        }

        if (bridge.CertificateFile.Length + bridge.AuthorityFile.Length + bridge.KeyFile.Length > 0 && !isTls)
        {
            throw table.Malformed("url", "mqtts://HOST, because certificates are given");
        }

        table.Finish();
        return bridge;
    }

    static TopicPair Pair(ConfigTable pair)
    {
        TopicPair made = new(pair.Text("local", "", 512), pair.Text("remote", "", 512));
        if ((made.Local.Length > 0 && !TopicRules.IsName(made.Local)) || (made.Remote.Length > 0 && !TopicRules.IsName(made.Remote)))
        {
            throw pair.Malformed(made.Local.Length > 0 && !TopicRules.IsName(made.Local) ? "local" : "remote", "the beginning of a topic, without wildcards");
        }

        pair.Finish();
        return made;
    }

    static (string Host, int Port, bool IsTls) Address(ConfigTable table)
    {
        const string Expects = "an address such as mqtt://broker.example or mqtts://broker.example:8883";
        string text = table.Required("url", Expects);

        // What stands before an @ may be a password: it is not repeated in an error.
        if (text.Contains('@', StringComparison.Ordinal))
        {
            throw Faults.SettingMalformed.With("url", "…@…", table.Values["url"].Origin, Expects + "; the user belongs into user, the password into password_file").ToException();
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme is not ("mqtt" or "mqtts") || url.Host.Length == 0 || url.PathAndQuery is not ("" or "/"))
        {
            throw table.Malformed("url", Expects);
        }

        bool isTls = url.Scheme == "mqtts";
        return (url.DnsSafeHost, url.Port > 0 ? url.Port : isTls ? Secure : Plain, isTls);
    }
}
