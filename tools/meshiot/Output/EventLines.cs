using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Cli.Output;

/// <summary>Server-sent events out of lines (HTML standard, section 9.2): their name and their data; comments mean nothing.</summary>
internal sealed class EventLines(BoundedLines lines)
{
    /// <summary>The next event; null at the end.</summary>
    public async ValueTask<(string Name, string Data)?> ReadAsync(CancellationToken ct)
    {
        string name = "", data = "";
        while (await lines.ReadAsync(ct) is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Length > 0)
                {
                    return (name, data);
                }

                name = "";
            }
            else if (line.StartsWith("event:", System.StringComparison.Ordinal))
            {
                name = line[6..].TrimStart();
            }
            else if (line.StartsWith("data:", System.StringComparison.Ordinal))
            {
                // Ours have one line; of more only the last counts.
                data = line[5..].TrimStart();
            }
        }

        return null;
    }
}
