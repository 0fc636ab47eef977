using System.Collections.Generic;
using System.Text;
using MeshIoT.Fuzz.Engine;
using ZstdSharp;

namespace MeshIoT.Fuzz.Targets;

/// <summary>Map frames as zstd: the unpacker and what it hands on. A small frame may unpack to the limit, and not beyond.</summary>
sealed class MapFramePacked : FuzzTarget
{
    public override string Name => "map-frame-zstd";

    public override long MostAllocated => 64 * 1024 * 1024;

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            using Compressor compressor = new(3);
            yield return compressor.Wrap(Encoding.UTF8.GetBytes(MapFrames.Frame)).ToArray();
            yield return compressor.Wrap(Fixed.Ascii("{\"Domain\":\"" + new string('d', 2000) + "\"}")).ToArray();
        }
    }

    public override void Run(byte[] input) => MapFrames.Read(input);
}
