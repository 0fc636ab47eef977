using System;
using System.Collections.Generic;
using System.Net;
using System.Text;
using System.Text.Json;
using MeshIoT.WireGuard;

namespace MeshIoT.Interop.WireGuard;

/// <summary>What went over the wire, counted outside the core by looking at the bytes, so that the core is not its own witness.</summary>
sealed class Counters
{
    // Offsets of data-plane.md section 1.2.
    const int Initiation = 1, Response = 2, CookieReply = 3, Mac2At = 132, InitiationSize = 148, HeaderSize = 32;

    readonly SortedDictionary<string, long> rejected = new(StringComparer.Ordinal);
    long initiationsSent, initiationsSentWithMac2, initiationsReceived, initiationsReceivedWithMac2;
    long responsesSent, responsesAccepted, cookieRepliesSent, cookieRepliesReceived;
    long dataSent, dataDelivered;

    internal void Sent(ReadOnlySpan<byte> datagram)
    {
        switch (datagram[0])
        {
            case Initiation:
                initiationsSent++;
                initiationsSentWithMac2 += HasMac2(datagram) ? 1 : 0;
                break;
            case Response: responsesSent++; break;
            case CookieReply: cookieRepliesSent++; break;
            default: dataSent += datagram.Length > HeaderSize ? 1 : 0; break;
        }
    }

    internal void Received(ReadOnlySpan<byte> datagram, DeviceResult result, DeviceFault fault)
    {
        if (result == DeviceResult.Rejected)
        {
            string name = fault.ToString();
            rejected[name] = rejected.GetValueOrDefault(name) + 1;
        }

        if (datagram.Length == 0)
        {
            return;
        }

        switch (datagram[0])
        {
            case Initiation when datagram.Length == InitiationSize:
                initiationsReceived++;
                initiationsReceivedWithMac2 += HasMac2(datagram) ? 1 : 0;
                break;
            case Response: responsesAccepted += result == DeviceResult.Rejected ? 0 : 1; break;
            case CookieReply: cookieRepliesReceived += result == DeviceResult.Rejected ? 0 : 1; break;
            default: dataDelivered += result == DeviceResult.DeliverToHost ? 1 : 0; break;
        }
    }

    internal string ToJson(WireGuardDevice device, long nowMs, long udpSendDrops, long tunWriteDrops)
    {
        using System.IO.MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("initiationsSent", initiationsSent);
            json.WriteNumber("initiationsSentWithMac2", initiationsSentWithMac2);
            json.WriteNumber("initiationsReceived", initiationsReceived);
            json.WriteNumber("initiationsReceivedWithMac2", initiationsReceivedWithMac2);
            json.WriteNumber("responsesSent", responsesSent);
            json.WriteNumber("responsesAccepted", responsesAccepted);
            json.WriteNumber("cookieRepliesSent", cookieRepliesSent);
            json.WriteNumber("cookieRepliesReceived", cookieRepliesReceived);
            json.WriteNumber("dataSent", dataSent);
            json.WriteNumber("dataDelivered", dataDelivered);
            json.WriteNumber("udpSendDrops", udpSendDrops);
            json.WriteNumber("tunWriteDrops", tunWriteDrops);
            json.WriteBoolean("underLoad", device.UnderLoad);
            json.WriteStartObject("rejected");
            foreach ((string fault, long count) in rejected)
            {
                json.WriteNumber(fault, count);
            }

            json.WriteEndObject();
            json.WriteStartArray("peers");
            for (int i = 0; i < device.PeerCount; i++)
            {
                WritePeer(json, device.PeerAt(i), nowMs);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    static bool HasMac2(ReadOnlySpan<byte> initiation) => initiation[Mac2At..].IndexOfAnyExcept((byte)0) >= 0;

    static void WritePeer(Utf8JsonWriter json, WireGuardPeer peer, long nowMs)
    {
        json.WriteStartObject();
        json.WriteString("publicKey", Convert.ToBase64String(peer.PublicKey));
        if (peer.Endpoint is { } endpoint)
        {
            IPAddress address = new(endpoint.AsSpan(0, 16));
            json.WriteString("endpoint", new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, (endpoint[16] << 8) | endpoint[17]).ToString());
        }

        json.WriteBoolean("hasSession", peer.HasSession(nowMs));
        json.WriteNumber("handshakeAgeMs", peer.LastHandshakeMs < 0 ? -1 : nowMs - peer.LastHandshakeMs);
        json.WriteNumber("receivedBytes", peer.ReceivedBytes);
        json.WriteNumber("sentBytes", peer.SentBytes);
        json.WriteEndObject();
    }
}
