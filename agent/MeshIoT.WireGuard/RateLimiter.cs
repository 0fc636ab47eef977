using System;
using MeshIoT.Crypto;

namespace MeshIoT.WireGuard;

/// <summary>
/// While the device is under load: 20 handshake messages a second per source, 5 in a burst. A source is an IPv4 address or an IPv6 /64,
/// because whoever has one address of a /64 has them all. The table has a fixed size, sets of four; when a set is full of busy sources a
/// newcomer is refused, never an old one forgotten, so that changing addresses buys nothing.
/// </summary>
internal sealed class RateLimiter
{
    const int PacketCostMs = 50, BurstMs = 5 * PacketCostMs, IdleMs = 1000, Ways = 4, KeySize = 12;

    readonly int capacity;
    readonly RandomSource random;
    readonly byte[] wanted = new byte[KeySize];
    readonly byte[] seed = new byte[8];
    byte[]? keys;
    int[]? creditMs;
    long[]? lastMs;

    public RateLimiter(RandomSource random, int entries)
    {
        this.random = random;
        int size = Ways;
        while (size < entries)
        {
            size *= 2;
        }

        capacity = size;
    }

    /// <summary>Takes one message off the source's credit; false when there is none left.</summary>
    public bool Allow(byte[] source, long nowMs)
    {
        if (keys == null)
        {
            random.Fill(seed, 0, seed.Length);
            keys = new byte[capacity * KeySize];
            creditMs = new int[capacity];
            lastMs = new long[capacity];
            for (int i = 0; i < capacity; i++)
            {
                lastMs[i] = -1;
            }
        }

        ReadKey(source);
        int set = (int)(HashOfWanted() % (uint)(capacity / Ways)) * Ways;
        int free = -1;
        for (int i = set; i < set + Ways; i++)
        {
            if (lastMs![i] >= 0 && nowMs - lastMs[i] <= IdleMs)
            {
                if (IsWanted(i))
                {
                    return Spend(i, nowMs);
                }
            }
            else
            {
                free = i;
            }
        }

        if (free < 0)
        {
            return false;
        }

        Array.Copy(wanted, 0, keys, free * KeySize, KeySize);
        creditMs![free] = BurstMs;
        lastMs![free] = nowMs;
        return Spend(free, nowMs);
    }

    bool Spend(int entry, long nowMs)
    {
        long credit = creditMs![entry] + (nowMs - lastMs![entry]);
        if (credit > BurstMs)
        {
            credit = BurstMs;
        }

        lastMs[entry] = nowMs;
        bool allowed = credit >= PacketCostMs;
        creditMs[entry] = (int)(allowed ? credit - PacketCostMs : credit);
        return allowed;
    }

    /// <summary>Eight zero bytes and four of the address for v4-mapped sources, else the /64 and four zero bytes.</summary>
    void ReadKey(byte[] source)
    {
        bool ipv4 = source[10] == 0xFF && source[11] == 0xFF && ConstantTime.IsZero(source, 0, 10);
        Array.Clear(wanted, 0, KeySize);
        if (ipv4)
        {
            Array.Copy(source, 12, wanted, 8, 4);
        }
        else
        {
            Array.Copy(source, 0, wanted, 0, 8);
        }
    }

    bool IsWanted(int entry)
    {
        for (int i = 0; i < KeySize; i++)
        {
            if (keys![(entry * KeySize) + i] != wanted[i])
            {
                return false;
            }
        }

        return true;
    }

    uint HashOfWanted()
    {
        ulong hash = LittleEndian.ReadUInt64(seed, 0);
        for (int i = 0; i < KeySize; i++)
        {
            hash = (hash ^ wanted[i]) * 0x9E3779B97F4A7C15UL;
            hash ^= hash >> 29;
        }

        return (uint)(hash >> 32);
    }
}
