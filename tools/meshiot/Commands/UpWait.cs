using System;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Provisioning;

namespace MeshIoT.Cli.Commands;

/// <summary>
/// Waits until a login is done and tells the person meanwhile what to do: the login page's address, also as a QR code, again
/// when the coordinator names another one, and why nothing moves. The agent logs in by itself; ending the wait ends nothing else.
/// </summary>
/// <param name="agent">The agent.</param>
/// <param name="json">Whether to print events as lines of JSON on stdout instead of sentences on stderr.</param>
/// <param name="qr">How to draw the QR code; null: not at all.</param>
/// <param name="timeoutSeconds">How long to wait; 0: for ever; null: 60 s, and for ever once a person has to act.</param>
/// <param name="time">The clock.</param>
internal sealed class UpWait(UnixHttpClient agent, bool json, TerminalQrFormat? qr, int? timeoutSeconds, TimeProvider time)
{
    const int UsualSeconds = 60, LongestQuestionSeconds = 20;

    // An agent that answers at once although nothing is new must not be asked in a hot loop.
    static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(200);

    string? shown, told;

    /// <summary>Asks until the login is done. Throws what the agent reports, up-timed-out and login-timed-out.</summary>
    public async Task<StatusDto> RunAsync(UpRequestDto request, CancellationToken ct)
    {
        long began = time.GetTimestamp();
        UpRequestDto question = request with { Interactive = true, Shown = null };
        while (true)
        {
            long asked = time.GetTimestamp();
            int left = Math.Max(1, SecondsLeft(time.GetElapsedTime(began))); // 0 would be for ever
            StatusDto status = await agent.PostAsync("localapi/v0/up", question with { TimeoutSeconds = left, Shown = shown },
                LocalApiJson.Default.UpRequestDto, LocalApiJson.Default.StatusDto, ct);
            if (status is { BackendState: "Running", LoginPending: false })
            {
                return status;
            }

            Tell(status);
            if (SecondsLeft(time.GetElapsedTime(began)) == 0)
            {
                throw (status.Waiting is { } waiting
                    ? Faults.LoginTimedOut.With(timeoutSeconds, waiting.Next)
                    : Faults.UpTimedOut.With(timeoutSeconds ?? UsualSeconds, status.Health.FirstOrDefault()?.Message ?? "")).ToException();
            }

            // The key has been handed over; from here on it is a wait.
            question = new UpRequestDto { Interactive = true, Resume = true };
            TimeSpan early = LeastPause - time.GetElapsedTime(asked);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, time, ct);
            }
        }
    }

    // For the next question: 1 to 20; 0: the time is over.
    int SecondsLeft(TimeSpan elapsed)
    {
        int? limit = timeoutSeconds ?? (shown is null ? UsualSeconds : 0);
        return limit == 0 ? LongestQuestionSeconds : Math.Clamp((int)Math.Ceiling(limit.Value - elapsed.TotalSeconds), 0, LongestQuestionSeconds);
    }

    void Tell(StatusDto status)
    {
        if (status.Waiting is { } waiting)
        {
            if (waiting.Next != shown)
            {
                shown = waiting.Next;
                TellWaiting(waiting, status.AuthUrl);
            }

            return;
        }

        // Why nothing moves, once per reason.
        if (!json && status.Health.FirstOrDefault() is { } fault && fault.Code != told)
        {
            told = fault.Code;
            Console.Error.WriteLine($"meshiot: {fault.Code}: {fault.Message}");
        }
    }

    void TellWaiting(FaultDto waiting, string? page)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new WaitingLine("waiting", waiting.Code, waiting.Message, waiting.Next, page), CliJsonLines.Default.WaitingLine));
            Console.Out.Flush();
            return;
        }

        Console.Error.WriteLine();
        Console.Error.WriteLine(waiting.Message);
        Console.Error.WriteLine(page is null ? waiting.Next : $"To let it in, open:{Environment.NewLine}{Environment.NewLine}    {page}{Environment.NewLine}");
        if (page is not null && qr is { } format)
        {
            Console.Error.WriteLine(TerminalQr.Render(QrSymbol.EncodeSmallest(page), format));
        }

        Console.Error.WriteLine("Waiting … (Ctrl-C ends the wait, not the login)");
    }
}
