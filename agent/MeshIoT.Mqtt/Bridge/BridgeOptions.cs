using System;
using System.Collections.Generic;

namespace MeshIoT.Mqtt.Bridge;

/// <summary>A bridge to another broker, as a person describes it: <c>[[bridge]]</c>.</summary>
public sealed record BridgeOptions
{
    /// <summary>Its name; the spool knows by it what the broker has. a-z 0-9 _ -, at most 40 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Host name or address of the broker.</summary>
    public required string Host { get; init; }

    /// <summary>Its port.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>Whether TLS is spoken.</summary>
    public bool IsTls { get; init; }

    /// <summary>User name; empty: none.</summary>
    public string User { get; init; } = "";

    /// <summary>File with the password in its first line; empty: none.</summary>
    public string PasswordFile { get; init; } = "";

    /// <summary>File with the client's certificate, PEM; empty: none.</summary>
    public string CertificateFile { get; init; } = "";

    /// <summary>File with the certificate's private key, PEM; empty: it is in <see cref="CertificateFile"/>.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>File with the authorities that the broker's certificate may come from, PEM; empty: those of this machine.</summary>
    public string AuthorityFile { get; init; } = "";

    /// <summary>True for MQTT 5, false for 3.1.1.</summary>
    public bool IsVersion5 { get; init; } = true;

    /// <summary>Client id; empty: <c>meshiot-SITE-GATEWAY-NAME</c>.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>How long nothing may be said before a ping: 10 s to 18 h.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Filters of what goes out.</summary>
    public IReadOnlyList<string> Out { get; init; } = ["meshiot/#"];

    /// <summary>Filters, as the other broker has the topics, of what comes in.</summary>
    public IReadOnlyList<string> In { get; init; } = [];

    /// <summary>Beginnings of topics here and there: the longest that fits is exchanged.</summary>
    public IReadOnlyList<TopicPair> Map { get; init; } = [];

    /// <summary>Whether commands for outputs are taken from there.</summary>
    public bool TakesCommands { get; init; }

    /// <summary>Whether sensors are announced to a Home Assistant there.</summary>
    public bool Discovery { get; init; } = true;

    /// <summary>Whether values go as Sparkplug B rather than as JSON.</summary>
    public bool IsSparkplug { get; init; }

    /// <summary>Messages a second, at most: a link that comes back must stay usable. 1 to 100,000.</summary>
    public int MostPerSecond { get; init; } = 500;

    /// <summary>Where it goes, for people: never with a password.</summary>
    public string Address => $"{(IsTls ? "mqtts" : "mqtt")}://{(Host.Contains(':', StringComparison.Ordinal) ? "[" + Host + "]" : Host)}:{Port}";
}

/// <summary>A beginning of topics here and what it is there.</summary>
/// <param name="Local">The beginning here; may be empty.</param>
/// <param name="Remote">The beginning there; may be empty.</param>
public sealed record TopicPair(string Local, string Remote);
