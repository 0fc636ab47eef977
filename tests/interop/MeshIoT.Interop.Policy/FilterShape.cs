using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json;

namespace MeshIoT.Interop;

/// <summary>
/// A packet filter without its form: for every protocol, destination, port range or capability the set of source addresses, as merged
/// ranges. Two filters that let the same in come to the same text, however their rules are ordered, split or merged.
/// </summary>
internal static class FilterShape
{
    static readonly int[] DefaultProtocols = [1, 6, 17, 58];

    public static SortedDictionary<string, string> Of(JsonElement? filter)
    {
        Dictionary<string, List<(UInt128 Low, UInt128 High)>> sources = new(StringComparer.Ordinal);
        foreach (JsonElement rule in filter is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default)
        {
            List<(UInt128, UInt128)> from = [.. Strings(rule, "SrcIPs").SelectMany(Range)];
            foreach (string key in Keys(rule))
            {
                (sources.TryGetValue(key, out var all) ? all : sources[key] = []).AddRange(from);
            }
        }

        return new(sources.ToDictionary(s => s.Key, s => Merge(s.Value)), StringComparer.Ordinal);
    }

    static IEnumerable<string> Keys(JsonElement rule)
    {
        int[] protocols = rule.TryGetProperty("IPProto", out JsonElement p) && p.GetArrayLength() > 0 ? [.. p.EnumerateArray().Select(x => x.GetInt32())] : DefaultProtocols;
        foreach (JsonElement to in Items(rule, "DstPorts"))
        {
            JsonElement ports = to.GetProperty("Ports");
            string where = string.Join(',', Range(to.GetProperty("IP").GetString()!).Select(r => $"{r.Low:x}-{r.High:x}"));
            foreach (int protocol in protocols)
            {
                yield return $"{protocol} {where} {ports.GetProperty("First").GetInt32()}-{ports.GetProperty("Last").GetInt32()}";
            }
        }

        foreach (JsonElement grant in Items(rule, "CapGrant"))
        {
            foreach (string to in Strings(grant, "Dsts"))
            {
                foreach (JsonProperty capability in grant.GetProperty("CapMap").EnumerateObject())
                {
                    yield return $"{to} {capability.Name} {Json.Canonical(capability.Value)}";
                }
            }
        }
    }

    /// <summary>Ranges as numbers; IPv4 as its mapped IPv6 address, so that the families never meet.</summary>
    static IEnumerable<(UInt128 Low, UInt128 High)> Range(string text)
    {
        if (text == "*")
        {
            return [.. Range("0.0.0.0/0"), (0, Number("::ffff:0.0.0.0") - 1), (Number("::ffff:255.255.255.255") + 1, UInt128.MaxValue)];
        }

        if (text.Split('-') is [string low, string high])
        {
            return [(Number(low), Number(high))];
        }

        if (!text.Contains('/', StringComparison.Ordinal))
        {
            return [(Number(text), Number(text))];
        }

        IPNetwork network = IPNetwork.Parse(text);
        int free = (network.BaseAddress.ToString().Contains(':', StringComparison.Ordinal) ? 128 : 32) - network.PrefixLength;
        UInt128 first = Number(network.BaseAddress.ToString());
        return [(first, free == 128 ? UInt128.MaxValue : first + (UInt128.One << free) - 1)];
    }

    static UInt128 Number(string address) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(IPAddress.Parse(address).MapToIPv6().GetAddressBytes());

    static string Merge(List<(UInt128 Low, UInt128 High)> ranges)
    {
        List<(UInt128 Low, UInt128 High)> merged = [];
        foreach ((UInt128 low, UInt128 high) in ranges.Order())
        {
            if (merged.Count > 0 && (merged[^1].High == UInt128.MaxValue || low <= merged[^1].High + 1))
            {
                merged[^1] = (merged[^1].Low, UInt128.Max(merged[^1].High, high));
            }
            else
            {
                merged.Add((low, high));
            }
        }

        return string.Join(' ', merged.Select(m => $"{m.Low:x}-{m.High:x}"));
    }

    static IEnumerable<JsonElement> Items(JsonElement from, string name) => from.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    static IEnumerable<string> Strings(JsonElement from, string name) => Items(from, name).Select(i => i.GetString()!);
}
