using System;
using System.Text.Json;

namespace MeshIoT.Sim;

/// <summary>Reads of a map frame who is named and with which endpoint, and skips the rest. control-plane.md section 5.3.</summary>
internal static class MapScan
{
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static void Read(ReadOnlySpan<byte> json, IMapSink sink)
    {
        Utf8JsonReader reader = new(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("Node"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartObject)
                {
                    sink.OnSelf(ReadNode(ref reader).Id);
                }
            }
            else if (reader.ValueTextEquals("Peers"u8))
            {
                sink.OnAllPeers();
                ReadPeers(ref reader, sink);
            }
            else if (reader.ValueTextEquals("PeersChanged"u8) || reader.ValueTextEquals("PeersChangedPatch"u8))
            {
                ReadPeers(ref reader, sink);
            }
            else if (reader.ValueTextEquals("PeersRemoved"u8))
            {
                ReadRemoved(ref reader, sink);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    static void ReadPeers(ref Utf8JsonReader reader, IMapSink sink)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            (long id, int change) = ReadNode(ref reader);
            sink.OnPeer(id, change);
        }
    }

    static void ReadRemoved(ref Utf8JsonReader reader, IMapSink sink)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            sink.OnRemoved(ReadId(ref reader));
        }
    }

    // A Node or a PeerChange: ID or NodeID, and the first of Endpoints.
    static (long Id, int Change) ReadNode(ref Utf8JsonReader reader)
    {
        long id = 0;
        int change = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("ID"u8) || reader.ValueTextEquals("NodeID"u8))
            {
                reader.Read();
                id = ReadId(ref reader);
            }
            else if (reader.ValueTextEquals("Endpoints"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.StartArray)
                {
                    continue;
                }

                for (int n = 0; reader.Read() && reader.TokenType == JsonTokenType.String; n++)
                {
                    change = n == 0 && !reader.ValueIsEscaped ? ChangeEndpoint.Parse(reader.ValueSpan) : change;
                }
            }
            else
            {
                reader.Skip();
            }
        }

        return (id, change);
    }

    static long ReadId(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long id) ? id : throw new JsonException("an id is no number");
}
