using System;
using System.IO;

namespace MeshIoT.Web;

/// <summary>The gateway's page, one file without any outside resource, embedded in the program.</summary>
internal static class Page
{
    public static ReadOnlyMemory<byte> Bytes { get; } = Load();

    static byte[] Load()
    {
        using Stream stream = typeof(Page).Assembly.GetManifestResourceStream("MeshIoT.Web.page.html")!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
