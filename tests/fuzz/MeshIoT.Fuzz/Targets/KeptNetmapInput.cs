using System;
using System.Collections.Generic;
using MeshIoT.Fuzz.Engine;
using MeshIoT.Node.State;

namespace MeshIoT.Fuzz.Targets;

/// <summary>The head of the netmap that a node keeps on its disk, after any accident.</summary>
sealed class KeptNetmapInput : FuzzTarget
{
    public override string Name => "kept-netmap";

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            byte[] bytes = new byte[KeptNetmapHeader.Size];
            new KeptNetmapHeader(DateTimeOffset.UnixEpoch.AddYears(56), TimeSpan.FromHours(1)).Write(bytes);
            yield return bytes;
        }
    }

    public override void Run(byte[] input) => KeptNetmapHeader.TryRead(input, out _);
}
