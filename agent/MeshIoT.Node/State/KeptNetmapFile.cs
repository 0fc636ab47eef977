using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Crypto;
using MeshIoT.Linux.Files;

namespace MeshIoT.Node.State;

/// <summary>The netmap on the disk: a header with a digest, then <see cref="NetmapFile"/>'s text. Mode 0600: it names all peers.</summary>
internal static class KeptNetmapFile
{
    const long LargestFile = 64L << 20;
    const int BufferSize = 64 * 1024;

    /// <summary>Replaces the file. Throws <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>.</summary>
    public static void Write(string path, Netmap netmap, DateTimeOffset now) => AtomicFile.Replace(path, BufferSize, file =>
    {
        byte[] header = new byte[KeptNetmapHeader.Size];
        new KeptNetmapHeader(now, netmap.ClockOffset).Write(header);
        file.Write(header);
        using DigestStream body = new(file);
        NetmapFile.Write(body, netmap);
        Finish(body.Finish(), header);
        file.Position = 0;
        file.Write(header);
    });

    /// <summary>
    /// Reads the file: the netmap and when it was written, or why it is of no use. Both null: there is none. Never throws for what
    /// is in it.
    /// </summary>
    public static async ValueTask<(Netmap? Netmap, DateTimeOffset WrittenAt, string? Fault)> ReadAsync(
        string path, NodePublicKey ownKey, TimeProvider time, CancellationToken ct)
    {
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, useAsync: false);
            await using (file.ConfigureAwait(false))
            {
                if (file.Length > LargestFile)
                {
                    return (null, default, $"it has {file.Length} bytes, more than any netmap of ours");
                }

                byte[] header = new byte[KeptNetmapHeader.Size];
                if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || !KeptNetmapHeader.TryRead(header, out KeptNetmapHeader read))
                {
                    return (null, default, "it is not of our kind");
                }

                byte[] told = header[KeptNetmapHeader.Covered..];
                Finish(DigestOfRest(file), header);
                if (!header.AsSpan(KeptNetmapHeader.Covered).SequenceEqual(told))
                {
                    return (null, default, "it is damaged");
                }

                file.Position = KeptNetmapHeader.Size;
                Netmap? netmap = await NetmapFile.ReadAsync(file, ownKey, time, ct).ConfigureAwait(false);
                return netmap is null ? (null, default, "it is for another key, or of another version")
                    : (netmap with { ClockOffset = read.ClockOffset }, read.WrittenAt, null);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, default, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, default, e.Message.TrimEnd('.'));
        }
    }

    static byte[] DigestOfRest(FileStream file)
    {
        Blake2s digest = new(KeptNetmapHeader.DigestSize, null);
        byte[] buffer = new byte[BufferSize];
        for (int read; (read = file.Read(buffer)) > 0;)
        {
            digest.Update(buffer, 0, read);
        }

        byte[] result = new byte[KeptNetmapHeader.DigestSize];
        digest.Finish(result, 0);
        return result;
    }

    // The digest of the covered part and of the body's digest: the body is not read again for the header's sake.
    static void Finish(byte[] body, byte[] header)
    {
        Blake2s digest = new(KeptNetmapHeader.DigestSize, null);
        digest.Update(header, 0, KeptNetmapHeader.Covered);
        digest.Update(body, 0, body.Length);
        digest.Finish(header, KeptNetmapHeader.Covered);
    }
}
