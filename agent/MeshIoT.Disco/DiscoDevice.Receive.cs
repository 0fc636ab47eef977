using System;
using MeshIoT.Crypto;

namespace MeshIoT.Disco;

/// <content>What arrives. data-plane.md section 2.5.</content>
public sealed partial class DiscoDevice
{
    /// <summary>
    /// Takes one datagram that <see cref="DiscoDatagram.IsDisco"/> accepted, and where it came from (18 bytes, not a relay's: that
    /// would be a lie).
    /// </summary>
    public DiscoFault Receive(byte[] datagram, int length, ReadOnlySpan<byte> source18, long nowMs) => Receive(datagram, length, source18, default, nowMs);

    /// <summary>Takes one that came through the relay's region 1 to 65535 from whoever holds the node key.</summary>
    public DiscoFault ReceiveByRelay(byte[] datagram, int length, int region, NodePublicKey from, long nowMs)
    {
        RelayEndpoint.Write(region, relayed);
        return Receive(datagram, length, relayed, from, nowMs);
    }

    // By relay: the node key is not zero.
    DiscoFault Receive(byte[] datagram, int length, ReadOnlySpan<byte> source18, NodePublicKey relay, long nowMs)
    {
        DiscoFault fault = Open(datagram, length, nowMs, out Correspondent? sender, out DiscoPublicKey key);
        if (fault == DiscoFault.None)
        {
            int boxed = length - DiscoDatagram.HeaderSize - NaClBox.TagSize;
            ReadOnlySpan<byte> payload = plain.AsSpan(0, boxed)[DiscoDatagram.MessageHeaderSize..];
            fault = (DiscoMessageType)plain[0] switch
            {
                DiscoMessageType.Ping => TakePing(sender!, key, payload, source18, relay),
                DiscoMessageType.Pong => TakePong(key, payload, source18, relay, nowMs),
                DiscoMessageType.CallMeMaybe => relay.IsZero ? DiscoFault.NotByRelay : TakeCall(key, relay, plain[1], payload, nowMs),
                _ => DiscoFault.UnknownType,
            };
        }

        drops[(int)fault]++;
        return fault;
    }

    // The cheap questions first; the box is opened only for a known sender that has not asked too much.
    DiscoFault Open(byte[] datagram, int length, long nowMs, out Correspondent? sender, out DiscoPublicKey key)
    {
        sender = null;
        key = default;
        if (length < DiscoDatagram.Overhead || length > limits.LongestDatagram || length > datagram.Length)
        {
            return DiscoFault.WrongLength;
        }

        key = DiscoDatagram.SenderOf(datagram);
        if (key.IsZero || !host.Knows(key))
        {
            return DiscoFault.UnknownSender;
        }

        sender = secrets.Find(key, nowMs);
        if (sender is null)
        {
            if (!newSenders.TryTake(nowMs))
            {
                return DiscoFault.RateLimited;
            }

            sender = secrets.Compute(key, nowMs);
            if (sender is null)
            {
                return DiscoFault.InvalidKey;
            }
        }

        if (!sender.MayOpen(nowMs) || !opens.TryTake(nowMs))
        {
            return DiscoFault.RateLimited;
        }

        Opened++;
        bool genuine = NaClBox.Open(
            sender.Secret, datagram, DiscoDatagram.NonceAt, datagram, DiscoDatagram.HeaderSize, length - DiscoDatagram.HeaderSize, plain, 0);
        return genuine ? DiscoFault.None : DiscoFault.Forged;
    }

    // The pong goes the way the ping came.
    DiscoFault TakePing(Correspondent sender, DiscoPublicKey key, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> source18, NodePublicKey relay)
    {
        if (!PingMessage.TryRead(payload, out PingMessage ping))
        {
            return DiscoFault.Malformed;
        }

        PongsSent++;
        ReadOnlySpan<byte> pong = Seal(sender, new PongMessage(ping.Transaction, source18).Write(message));
        if (relay.IsZero)
        {
            host.Send(pong, source18);
            host.Pinged(key, ping.NodeKey, source18);
        }
        else
        {
            host.Relay(pong, RelayEndpoint.RegionOf(source18), relay);
            host.Pinged(key, relay, source18);
        }

        return DiscoFault.None;
    }

    DiscoFault TakePong(DiscoPublicKey key, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> source18, NodePublicKey relay, long nowMs)
    {
        if (!PongMessage.TryRead(payload, out PongMessage pong))
        {
            return DiscoFault.Malformed;
        }

        // The transaction must be open, and with this key, and at this address or by relay as it was asked: one without the others proves nothing.
        if (!transactions.TryGetValue(pong.Transaction, out Candidate? candidate)
            || candidate.Peer.Key != key
            || (relay.IsZero ? !source18.SequenceEqual(candidate.Endpoint) : candidate != candidate.Peer.ByRelay))
        {
            return DiscoFault.UnaskedPong;
        }

        long sentMs = candidate.Open == pong.Transaction ? candidate.OpenSinceMs : candidate.OpenBeforeSinceMs;
        CloseAll(candidate);
        if (nowMs - sentMs > DiscoTimes.PingTimeout)
        {
            return DiscoFault.UnaskedPong;
        }

        // What a relay carries says nothing of any address.
        if (relay.IsZero)
        {
            host.SeenFrom(pong.SeenFrom);
            Confirm(candidate, nowMs - sentMs, nowMs);
        }

        EndTrials(pong.Transaction, source18, nowMs - sentMs);
        return DiscoFault.None;
    }
}
