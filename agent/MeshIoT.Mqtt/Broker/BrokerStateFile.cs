using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Text;
using MeshIoT.Crypto;
using MeshIoT.Linux.Files;

namespace MeshIoT.Mqtt.Broker;

/// <summary>
/// The broker's state as a file: a mark, a BLAKE2s digest of the rest, then counts and length-prefixed fields, little-endian. A file that was cut
/// short or changed is refused as a whole.
/// </summary>
internal static class BrokerStateFile
{
    const int DigestBytes = 32, MostEntries = 1_000_000;

    static readonly byte[] Mark = "MIOTMQ1\n"u8.ToArray();

    /// <summary>The state as bytes; where it would be more than <paramref name="most"/>, the oldest waiting messages are left out.</summary>
    public static byte[] Write(BrokerState state, int most)
    {
        long waiting = 0, rest = Mark.Length + DigestBytes;
        foreach (RetainedEntry entry in state.Retained)
        {
            rest += entry.Size;
        }

        foreach (KeptSession session in state.Sessions)
        {
            rest += 256 + (64 * session.Subscriptions.Count);
            foreach (WaitingMessage message in session.Waiting)
            {
                waiting += Size(message);
            }
        }

        // Every session gives up the same share of what waits.
        double share = waiting == 0 ? 1 : Math.Clamp((most - rest) / (double)waiting, 0, 1);
        using MemoryStream into = new();
        into.Write(Mark);
        into.Write(new byte[DigestBytes]);
        using (BinaryWriter writer = new(into, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(state.Retained.Count);
            foreach (RetainedEntry entry in state.Retained)
            {
                WriteMessage(writer, entry.Topic, entry.Payload, entry.QoS);
            }

            writer.Write(state.Sessions.Count);
            foreach (KeptSession session in state.Sessions)
            {
                WriteSession(writer, session, share);
            }
        }

        byte[] bytes = into.ToArray();
        Digest(bytes).CopyTo(bytes, Mark.Length);
        return bytes;
    }

    /// <summary>Reads what <see cref="Write"/> made; null when it is anything else.</summary>
    public static BrokerState? Read(byte[] bytes)
    {
        int start = Mark.Length + DigestBytes;
        if (bytes.Length < start || !bytes.AsSpan(0, Mark.Length).SequenceEqual(Mark) || !bytes.AsSpan(Mark.Length, DigestBytes).SequenceEqual(Digest(bytes)))
        {
            return null;
        }

        try
        {
            using BinaryReader reader = new(new MemoryStream(bytes, start, bytes.Length - start), Encoding.UTF8);
            List<RetainedEntry> retained = [];
            for (int left = Count(reader); left > 0; left--)
            {
                (string topic, ReadOnlySequence<byte> payload, int qos) = ReadMessage(reader);
                retained.Add(new RetainedEntry(topic, payload, qos, IsOwn: false));
            }

            List<KeptSession> sessions = [];
            for (int left = Count(reader); left > 0; left--)
            {
                sessions.Add(ReadSession(reader));
            }

            return new BrokerState(retained, sessions);
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>Replaces the file, so that it is the old or the new one whenever the power goes.</summary>
    public static void Save(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.Replace(Path.GetFullPath(path), 0, file => file.Write(bytes));
    }

    static long Size(WaitingMessage message) => message.Payload.Length + message.Topic.Length + 16;

    static void WriteSession(BinaryWriter writer, KeptSession session, double share)
    {
        writer.Write(session.ClientId);
        writer.Write(session.User);
        writer.Write(session.ExpirySeconds);
        writer.Write(session.AwaySinceUnixMs);
        writer.Write(session.Subscriptions.Count);
        foreach (KeptSubscription subscription in session.Subscriptions)
        {
            writer.Write(subscription.Filter);
            writer.Write((byte)(subscription.QoS | (subscription.NoLocal ? 4 : 0) | (subscription.RetainAsPublished ? 8 : 0)));
        }

        long room = 0;
        foreach (WaitingMessage message in session.Waiting)
        {
            room += Size(message);
        }

        room = (long)(room * share);
        int first = session.Waiting.Count;
        while (first > 0 && room >= Size(session.Waiting[first - 1]))
        {
            room -= Size(session.Waiting[--first]);
        }

        writer.Write(session.Waiting.Count - first);
        for (; first < session.Waiting.Count; first++)
        {
            WriteMessage(writer, session.Waiting[first].Topic, session.Waiting[first].Payload, session.Waiting[first].QoS);
        }
    }

    static KeptSession ReadSession(BinaryReader reader)
    {
        string id = reader.ReadString(), user = reader.ReadString();
        uint expiry = reader.ReadUInt32();
        long since = reader.ReadInt64();
        List<KeptSubscription> subscriptions = [];
        for (int left = Count(reader); left > 0; left--)
        {
            string filter = reader.ReadString();
            int bits = reader.ReadByte();
            subscriptions.Add(new KeptSubscription(filter, Math.Min(bits & 3, 2), (bits & 4) != 0, (bits & 8) != 0));
        }

        List<WaitingMessage> waiting = [];
        for (int left = Count(reader); left > 0; left--)
        {
            (string topic, ReadOnlySequence<byte> payload, int qos) = ReadMessage(reader);
            waiting.Add(new WaitingMessage(topic, payload, qos));
        }

        return new KeptSession(id, user, expiry, since, subscriptions, waiting);
    }

    static void WriteMessage(BinaryWriter writer, string topic, ReadOnlySequence<byte> payload, int qos)
    {
        writer.Write(topic);
        writer.Write((byte)qos);
        writer.Write((int)payload.Length);
        foreach (ReadOnlyMemory<byte> part in payload)
        {
            writer.Write(part.Span);
        }
    }

    static (string Topic, ReadOnlySequence<byte> Payload, int QoS) ReadMessage(BinaryReader reader)
    {
        string topic = reader.ReadString();
        int qos = Math.Min((int)reader.ReadByte(), 2), length = reader.ReadInt32();
        if (length < 0 || length > reader.BaseStream.Length - reader.BaseStream.Position)
        {
            throw new FormatException("a length that cannot be");
        }

        return (topic, new ReadOnlySequence<byte>(reader.ReadBytes(length)), qos);
    }

    static int Count(BinaryReader reader) => reader.ReadInt32() is >= 0 and <= MostEntries and int count ? count : throw new FormatException("a count that cannot be");

    static byte[] Digest(byte[] bytes)
    {
        byte[] digest = new byte[DigestBytes];
        int start = Mark.Length + DigestBytes;
        Blake2s.Hash(bytes, start, bytes.Length - start, digest, 0);
        return digest;
    }
}
