using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <summary>
/// A netmap as a file, so that a node that starts without its coordinator still knows its peers: the JSON of one map frame, as a coordinator
/// would send it. There is no private key in it, but it names all peers: keep it readable by its owner only. Neither way needs memory for more
/// than an entry at a time, beside the netmap itself.
/// </summary>
public static class NetmapFile
{
    const int FlushAt = 16 * 1024;

    static readonly MapFrameLimits Limits = new(MaxFrameBytes: 64 * 1024 * 1024);

    /// <summary>Writes the netmap to <paramref name="output"/>, which stays open. <see cref="IOException"/> is the caller's.</summary>
    public static void Write(Stream output, Netmap netmap)
    {
        TailcfgContext json = TailcfgJson.Default;
        using Utf8JsonWriter writer = new(output, new JsonWriterOptions { Encoder = json.Options.Encoder });
        writer.WriteStartObject();
        writer.WritePropertyName(nameof(MapResponse.Node));
        JsonSerializer.Serialize(writer, netmap.Self, json.Node);
        if (netmap.Derp is { } derp)
        {
            writer.WritePropertyName(nameof(MapResponse.DERPMap));
            JsonSerializer.Serialize(writer, derp, json.DerpMap);
        }

        if (netmap.Dns is { } dns)
        {
            writer.WritePropertyName(nameof(MapResponse.DNSConfig));
            JsonSerializer.Serialize(writer, dns, json.DnsConfig);
        }

        if (netmap.SshPolicy is { } ssh)
        {
            writer.WritePropertyName(nameof(MapResponse.SSHPolicy));
            JsonSerializer.Serialize(writer, ssh, json.SshPolicy);
        }

        if (netmap.Domain.Length > 0)
        {
            writer.WriteString(nameof(MapResponse.Domain), netmap.Domain);
        }

        WriteList(writer, nameof(MapResponse.UserProfiles), netmap.Users.Values, user => JsonSerializer.Serialize(writer, user, json.UserProfile));
        WriteList(writer, nameof(MapResponse.PacketFilter), netmap.PacketFilter, rule => JsonSerializer.Serialize(writer, rule, json.FilterRule));
        WriteList(writer, nameof(MapResponse.Peers), netmap.Peers, peer => JsonSerializer.Serialize(writer, PeerWire.ToNode(peer), json.Node));
        writer.WriteEndObject();
        writer.Flush();
    }

    /// <summary>Reads what <see cref="Write"/> wrote; null for anything else, also for a file cut short or of another node.</summary>
    /// <param name="input">Read to its end.</param>
    /// <param name="ownKey">This node's key; null: any.</param>
    /// <param name="time">The local clock, for peers whose key has ended meanwhile.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async ValueTask<Netmap?> ReadAsync(Stream input, NodePublicKey? ownKey, TimeProvider time, CancellationToken cancellationToken)
    {
        MapFrame? frame = await new MapFrameReader(input, Limits).ReadOnlyFrameAsync(cancellationToken).ConfigureAwait(false);
        if (frame is null || frame.KeepAlive)
        {
            return null;
        }

        try
        {
            return new NetmapBuilder(ownKey, time).Apply(frame);
        }
        catch (FaultException)
        {
            return null;
        }
    }

    static void WriteList<T>(Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<T> write)
    {
        if (!items.Any())
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (T item in items)
        {
            write(item);
            if (writer.BytesPending >= FlushAt)
            {
                writer.Flush();
            }
        }

        writer.WriteEndArray();
    }
}
