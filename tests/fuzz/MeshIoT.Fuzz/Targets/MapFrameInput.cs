using System.Collections.Generic;
using System.Text;
using MeshIoT.Fuzz.Engine;

namespace MeshIoT.Fuzz.Targets;

/// <summary>Map frames as plain JSON.</summary>
sealed class MapFrameInput : FuzzTarget
{
    public override string Name => "map-frame";

    public override long MostAllocated => 512 * 1024;

    public override int BytesPerByte => 256;

    public override IEnumerable<byte[]> Seeds => [Encoding.UTF8.GetBytes(MapFrames.Frame), Fixed.Ascii("{\"Peers\":[{\"ID\":5},null],\"Domain\":\"d\"}"), Fixed.Ascii("{}")];

    public override void Run(byte[] input) => MapFrames.Read(input);
}
