using System;
using System.Collections.Generic;
using System.Threading;

namespace MeshIoT.Relay;

/// <summary>
/// The nonces of the latest proofs. A proof names no connection, so whoever has recorded one could show it again and draw its owner's
/// packets (sealed, but then lost); a nonce that was seen is not taken twice. The relay's key changes what older recordings are worth: nothing
/// else does, so this holds the latest 32768, far more than can be recorded inside TLS.
/// </summary>
internal sealed class NonceMemory
{
    const int Capacity = 32_768;

    readonly HashSet<UInt128> seen = [];
    readonly Queue<UInt128> order = new();
    readonly Lock gate = new();

    /// <summary>False when the nonce was there before.</summary>
    public bool TryAdd(ReadOnlySpan<byte> nonce)
    {
        UInt128 key = new(BitConverter.ToUInt64(nonce), BitConverter.ToUInt64(nonce[8..]));
        lock (gate)
        {
            if (!seen.Add(key))
            {
                return false;
            }

            order.Enqueue(key);
            if (order.Count > Capacity)
            {
                seen.Remove(order.Dequeue());
            }

            return true;
        }
    }
}
