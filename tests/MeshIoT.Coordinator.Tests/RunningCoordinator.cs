using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>The program itself, in a process of its own, with its state and socket in a test's directory.</summary>
internal sealed class RunningCoordinator : IDisposable
{
    readonly Process process;
    readonly StringBuilder errors = new();

    RunningCoordinator(Process process) => this.process = process;

    public IPEndPoint Listening { get; private set; } = new(IPAddress.None, 0);

    public string Errors
    {
        get
        {
            lock (errors)
            {
                return errors.ToString();
            }
        }
    }

    public static RunningCoordinator Start(TemporaryDirectory directory, string listen = "127.0.0.1:0")
    {
        RunningCoordinator running = Launch("serve", "--listen", listen, "--state", directory.Of("state"), "--socket", directory.Of("c.sock"));
        string? ready = running.process.StandardOutput.ReadLine();
        Assert.True(ready?.StartsWith("READY http://", StringComparison.Ordinal), ready + running.Errors);
        running.Listening = IPEndPoint.Parse(new Uri(ready!["READY ".Length..]).Authority);
        return running;
    }

    /// <summary>The DERP map that a relay alone has told.</summary>
    public string Map { get; private set; } = "";

    /// <summary>The relay alone.</summary>
    public static RunningCoordinator StartRelay(TemporaryDirectory directory, params string[] more)
    {
        RunningCoordinator running = Launch(["relay", "--listen", "127.0.0.1:0", "--stun", "127.0.0.1:0", "--host", "127.0.0.1", "--state", directory.Of("relay"), .. more]);
        string? ready = running.process.StandardOutput.ReadLine();
        Assert.True(ready?.StartsWith("READY 127.0.0.1:", StringComparison.Ordinal), ready + running.Errors);
        running.Map = running.process.StandardOutput.ReadLine() ?? "";
        return running;
    }

    /// <summary>Runs it to its end: what it said, and its exit code.</summary>
    public static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        using RunningCoordinator running = Launch(arguments);
        string output = running.process.StandardOutput.ReadToEnd();
        running.process.WaitForExit();
        return (running.process.ExitCode, output, running.Errors);
    }

    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public int Terminate()
    {
        using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        process.WaitForExit();
        return process.ExitCode;
    }

    public async Task<MachinePublicKey> FetchKeyAsync()
    {
        using HttpClient http = new();
        string json = await http.GetStringAsync($"http://{Listening}/key?v=130");
        return JsonSerializer.Deserialize(json, TailcfgJson.Default.OverTlsPublicKeyResponse)!.PublicKey;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
    }

    static RunningCoordinator Launch(params string[] arguments)
    {
        string dotnet = Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet";
        ProcessStartInfo start = new(dotnet, [Path.Combine(AppContext.BaseDirectory, "meshiot-coordinator.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        RunningCoordinator running = new(Process.Start(start)!);
        running.process.ErrorDataReceived += (_, line) =>
        {
            lock (running.errors)
            {
                running.errors.AppendLine(line.Data);
            }
        };
        running.process.BeginErrorReadLine();
        return running;
    }
}
