using System;
using System.Collections.Generic;
using Xunit;

namespace MeshIoT.Crypto.Tests;

/// <summary>A packet costs no allocation. Budget 0 bytes; last measured 0 for both suites and every width.</summary>
public class AllocationTests
{
    [Fact]
    public void Sealing_and_opening_packets_allocates_nothing()
    {
        List<AeadKey> keys = [new PortableSuite().CreateAeadKey(Hex.Run(1, 32), 0), new SodiumSuite().CreateAeadKey(Hex.Run(1, 32), 0)];
        foreach (AeadWidth width in Enum.GetValues<AeadWidth>())
        {
            if (width <= AeadChoice.Widest)
            {
                keys.Add(AeadChoice.CreateKey(width, Hex.Run(1, 32), 0));
            }
        }

        foreach (AeadKey key in keys)
        {
            byte[] packet = new byte[1500];
            Exchange(key, packet, 100);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Exchange(key, packet, 1000);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    static void Exchange(AeadKey key, byte[] packet, int count)
    {
        for (int i = 0; i < count; i++)
        {
            key.Seal(i, packet, 0, 1400 + (i % 64), packet, 0);
            if (!key.Open(i, packet, 0, 1416 + (i % 64), packet, 0) || key.Open(i, packet, 0, 15, packet, 0))
            {
                throw new InvalidOperationException("a packet did not come back");
            }
        }
    }
}
