using System;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Cli.Output;

/// <summary>Lines of a stream that somebody else writes: none longer than memory is meant for.</summary>
/// <param name="stream">UTF-8; lines end with LF or CR LF.</param>
/// <param name="longest">Longest line, characters.</param>
internal sealed class BoundedLines(Stream stream, int longest) : IDisposable
{
    readonly StreamReader reader = new(stream, Encoding.UTF8, false, 16 * 1024);
    readonly char[] buffer = new char[16 * 1024];
    readonly StringBuilder line = new();
    int at, held;

    /// <summary>The next line without its end; null after the last.</summary>
    /// <exception cref="InvalidDataException">It is too long.</exception>
    public async ValueTask<string?> ReadAsync(CancellationToken ct)
    {
        line.Clear();
        while (true)
        {
            if (at == held)
            {
                (at, held) = (0, await reader.ReadAsync(buffer, ct));
                if (held == 0)
                {
                    return line.Length == 0 ? null : line.ToString();
                }
            }

            int end = Array.IndexOf(buffer, '\n', at, held - at), length = (end < 0 ? held : end) - at;
            if (line.Length + length > longest)
            {
                throw new InvalidDataException("a line is too long");
            }

            line.Append(buffer, at, length);
            at += length + (end < 0 ? 0 : 1);
            if (end >= 0)
            {
                return line.Length > 0 && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : line.ToString();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();
}
