using System;
using System.Globalization;
using System.IO;
using System.Linq;
using MeshIoT.Health;

namespace MeshIoT.Sim;

/// <summary>Whether this process may hold as many sockets as it needs. The runtime has raised the soft limit to the hard one.</summary>
internal static class OpenFiles
{
    const int Reserve = 200;

    /// <exception cref="FaultException">It may not.</exception>
    public static void Require(int sockets)
    {
        string line = File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        string soft = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        if (long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) && limit < sockets + Reserve)
        {
            throw Faults.TooFewOpenFiles.With(sockets + Reserve, limit).ToException();
        }
    }
}
