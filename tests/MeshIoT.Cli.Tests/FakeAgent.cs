using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli;
using MeshIoT.Web;
using MeshIoT.Web.Http;

namespace MeshIoT.Cli.Tests;

/// <summary>Answers the command line on a real unix socket with what a test gives it, and keeps what was asked.</summary>
internal sealed class FakeAgent : IAsyncDisposable
{
    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("meshiot-cli");
    readonly CancellationTokenSource stop = new();
    readonly UnixListener listener;
    readonly HttpServer server;
    readonly Task running;

    public FakeAgent(Func<HttpRequest, HttpResponse> answer)
    {
        Socket = Path.Combine(directory.FullName, "agent.sock");
        listener = UnixListener.Open(Socket);
        server = new HttpServer(
            (r, _) =>
            {
                Asked.Add($"{r.Method} {r.Path} {System.Text.Encoding.UTF8.GetString(r.Body.Span)}".Trim());
                return new(answer(r));
            },
            4, TimeProvider.System);
        running = server.RunAsync(listener.AcceptAsync, stop.Token);
    }

    public string Socket { get; }

    public string TempDirectory => directory.FullName;

    public List<string> Asked { get; } = [];

    /// <summary>Runs the command line in this process and returns its exit code and what it printed.</summary>
    public static async Task<(int Code, string Out, string Error)> RunAsync(params string[] args)
    {
        using StringWriter output = new(), error = new();
        (TextWriter before, TextWriter errorBefore) = (Console.Out, Console.Error);
        Console.SetOut(output);
        Console.SetError(error);
        try
        {
            return (await Program.RunAsync(args), output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(errorBefore);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await running.WaitAsync(TimeSpan.FromSeconds(10));
        server.Dispose();
        stop.Dispose();
        directory.Delete(recursive: true);
    }
}
