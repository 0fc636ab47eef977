using System;
using Xunit;

namespace MeshIoT.Crypto.Tests;

/// <summary>A packet costs no allocation. Budget 0 bytes; last measured 0 for both suites.</summary>
public class AllocationTests
{
    [Fact]
    public void Sealing_and_opening_packets_allocates_nothing()
    {
        foreach (CryptoSuite suite in new CryptoSuite[] { new PortableSuite(), new SodiumSuite() })
        {
            AeadKey key = suite.CreateAeadKey(Hex.Run(1, 32), 0);
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
