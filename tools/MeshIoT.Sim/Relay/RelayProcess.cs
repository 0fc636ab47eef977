using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using MeshIoT.Health;

namespace MeshIoT.Sim;

/// <summary>The relay under load, ours or derper: started on a free loopback port, ended with SIGKILL.</summary>
internal sealed class RelayProcess : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process process;

    RelayProcess(Process process, IPEndPoint listening) => (this.process, Listening) = (process, listening);

    public IPEndPoint Listening { get; }

    /// <summary>Memory and processor time by now.</summary>
    public ProcessUse Use => ProcessUse.Read(process.Id);

    /// <summary>Ours.</summary>
    public static RelayProcess StartOurs(string program, string directory, int clients)
    {
        string[] command = program.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", program] : [program];
        Process process = Start(directory, [.. command, "relay", "--listen", "127.0.0.1:0", "--stun", "off", "--host", "127.0.0.1", "--anyone",
            "--state", Path.Combine(directory, "relay"), "--max-connections-per-address", Text(clients + 1000), "--max-connections", Text(clients + 1000)]);
        string? ready = process.StandardOutput.ReadLine();
        if (ready is null || !ready.StartsWith("READY ", StringComparison.Ordinal))
        {
            throw Faults.CoordinatorDidNotRun.With(program, "it does not say that it is ready", Path.Combine(directory, "log")).ToException();
        }

        return new RelayProcess(process, IPEndPoint.Parse(ready["READY ".Length..]));
    }

    /// <summary>Theirs, with a certificate that lies in <paramref name="certificates"/> as 127.0.0.1.crt and .key.</summary>
    public static RelayProcess StartDerper(string program, string directory, string certificates)
    {
        IPEndPoint listen = FreePort();
        Process process = Start(directory, ["env", "TS_DEBUG_DERP_PER_CLIENT_SEND_QUEUE_DEPTH=256", program, "-a", listen.ToString(), "-http-port", "-1", "-certmode", "manual", "-certdir", certificates,
            "-hostname", "127.0.0.1", "-stun=false", "-c", Path.Combine(directory, "derper.json")]);
        long began = Stopwatch.GetTimestamp();
        while (!Answers(listen))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
            {
                throw Faults.CoordinatorDidNotRun.With(program, "it does not answer", Path.Combine(directory, "log")).ToException();
            }

            Thread.Sleep(50);
        }

        return new RelayProcess(process, listen);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }

    // The shell only sends the log to a file and becomes the program.
    static Process Start(string directory, string[] command) =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" 2>>\"$log\"", "sh", Path.Combine(directory, "log"), .. command]) { RedirectStandardOutput = true })!;

    static IPEndPoint FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    static bool Answers(IPEndPoint where)
    {
        try
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(where);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
