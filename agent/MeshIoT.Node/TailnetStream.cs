using System.IO;

namespace MeshIoT.Node;

/// <summary>A TCP connection of the tailnet. One read and one write may be under way at a time.</summary>
public abstract class TailnetStream : Stream
{
    /// <summary>Says that nothing more will be written (FIN, after what is under way); reading goes on. RFC 9293 section 3.6.</summary>
    public abstract void CloseWrite();
}
