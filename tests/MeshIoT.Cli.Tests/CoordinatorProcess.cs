using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace MeshIoT.Cli.Tests;

/// <summary>A real coordinator in a process of its own, for the command line to talk to.</summary>
internal sealed class CoordinatorProcess : IDisposable
{
    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("meshiot-cli");
    readonly Process process;

    public CoordinatorProcess()
    {
        Socket = PathOf("c.sock");
        string dotnet = Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet";
        ProcessStartInfo start = new(dotnet, [Path.Combine(AppContext.BaseDirectory, "meshiot-coordinator.dll"), "serve", "--listen", "127.0.0.1:0", "--state", PathOf("state"), "--socket", Socket])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        process = Process.Start(start)!;
        process.BeginErrorReadLine();
        Url = process.StandardOutput.ReadLine()?["READY ".Length..] ?? throw new InvalidOperationException("the coordinator did not start");
    }

    public string Socket { get; }

    public string Url { get; }

    public string PathOf(string name) => Path.Combine(directory.FullName, name);

    /// <summary>Runs the command line against its socket.</summary>
    public Task<(int Code, string Out, string Error)> RunAsync(params string[] args) => FakeAgent.RunAsync([.. args, "--coordinator", Socket]);

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        directory.Delete(recursive: true);
    }
}
