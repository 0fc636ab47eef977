using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MeshIoT.Tailcfg;

namespace MeshIoT.Policy.Cases;

/// <summary>Writes what came of a case as one line of JSON.</summary>
internal static class CaseWriter
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Refused(string id, ImmutableArray<PolicyError> errors) => Line(json =>
    {
        json.WriteString("id"u8, id);
        json.WriteBoolean("accepted"u8, false);
        json.WriteStartObject("response"u8);
        json.WriteString("message"u8, string.Join('\n', errors));
        json.WriteEndObject();
    });

    public static string Accepted(string id, IReadOnlyList<(string Name, PolicyNode Node)> nodes, CompiledPolicy compiled) => Line(json =>
    {
        Dictionary<long, string> names = nodes.ToDictionary(n => n.Node.Id, n => n.Name);
        json.WriteString("id"u8, id);
        json.WriteBoolean("accepted"u8, true);
        json.WriteStartObject("expected"u8);
        foreach ((string name, PolicyNode node) in nodes)
        {
            json.WriteStartObject(name);
            Node(json, node.Id, names, compiled);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    static void Node(Utf8JsonWriter json, long id, Dictionary<long, string> names, CompiledPolicy compiled)
    {
        if (compiled.Filter(id) is { Count: > 0 } filter)
        {
            json.WritePropertyName("filter"u8);
            JsonSerializer.Serialize(json, filter, TailcfgJson.Default.IReadOnlyListFilterRule);
        }

        json.WriteStartObject("peers"u8);
        foreach (long peer in compiled.Peers(id))
        {
            json.WriteStartObject(names[peer]);
            Prefixes(json, "allowedIPs"u8, compiled.AllowedIPs(id, peer), always: true);
            Prefixes(json, "primaryRoutes"u8, compiled.RoutesOf(id, peer), always: false);
            Capabilities(json, "capMap"u8, compiled.PeerCaps(peer));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        if (compiled.Ssh(id) is { Rules: { } rules })
        {
            json.WriteStartArray("ssh"u8);
            foreach (SshRule rule in rules)
            {
                JsonSerializer.Serialize(json, rule, TailcfgJson.Default.SshRule);
            }

            json.WriteEndArray();
        }

        Prefixes(json, "selfAllowedIPs"u8, compiled.SelfAllowedIPs(id), always: true);
        Capabilities(json, "selfCapMap"u8, compiled.SelfCaps(id));
    }

    static void Prefixes(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<IPNetwork> prefixes, bool always)
    {
        if (prefixes.Count == 0 && !always)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (string prefix in prefixes.Select(p => p.ToString()).Order(StringComparer.Ordinal))
        {
            json.WriteStringValue(prefix);
        }

        json.WriteEndArray();
    }

    static void Capabilities(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> capabilities)
    {
        if (capabilities.Count == 0)
        {
            return;
        }

        json.WriteStartObject(name);
        foreach (string capability in capabilities)
        {
            json.WriteNull(capability);
        }

        json.WriteEndObject();
    }

    static string Line(Action<Utf8JsonWriter> write)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
