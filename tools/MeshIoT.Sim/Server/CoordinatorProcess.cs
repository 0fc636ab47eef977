using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;

namespace MeshIoT.Sim;

/// <summary>The coordinator under load: started, killed with SIGKILL, started again on the same state and port.</summary>
internal sealed class CoordinatorProcess(string program, string directory, int maxConnectionsPerAddress) : IDisposable
{
    static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    Process? process;
    string listen = "127.0.0.1:0";

    public IPEndPoint Listening { get; private set; } = new(IPAddress.None, 0);

    public string SocketPath => Path.Combine(directory, "c.sock");

    public string LogPath => Path.Combine(directory, "log");

    /// <summary>Memory and processor time by now.</summary>
    /// <exception cref="FaultException">It is not running.</exception>
    public ProcessUse Use => process is { HasExited: false } running ? ProcessUse.Read(running.Id) : throw Failed("it has ended").ToException();

    /// <summary>Starts it; returns when it says that it listens.</summary>
    /// <exception cref="FaultException">It does not.</exception>
    public async Task StartAsync(CancellationToken ct)
    {
        // The shell only sends the log to a file and becomes the program.
        string[] command = program.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", program] : [program];
        ProcessStartInfo start = new("/bin/sh",
            ["-c", "log=$1; shift; exec \"$@\" 2>>\"$log\"", "sh", LogPath, .. command, "serve", "--listen", listen, "--state", Path.Combine(directory, "state"),
                "--socket", SocketPath, "--max-connections-per-address", maxConnectionsPerAddress.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };
        process = Process.Start(start)!;
        string? ready;
        try
        {
            ready = await process.StandardOutput.ReadLineAsync(ct).AsTask().WaitAsync(StartPatience, ct).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw Failed("it is not ready after a minute").ToException();
        }

        if (ready is null || !ready.StartsWith("READY http://", StringComparison.Ordinal))
        {
            throw Failed("it does not say that it is ready").ToException();
        }

        Listening = IPEndPoint.Parse(new Uri(ready["READY ".Length..]).Authority);
        listen = Listening.ToString();
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            process.WaitForExit();
        }

        process?.Dispose();
        process = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Kill();

    FaultReport Failed(string why) => Faults.CoordinatorDidNotRun.With(program, why, LogPath);
}
