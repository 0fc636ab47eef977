using System;
using System.CommandLine;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Policy.Cases;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot policy compile: what policies come to for given users and nodes, without a coordinator.</summary>
internal static class PolicyCompileCommand
{
    static readonly Option<string> Cases = new("--cases")
    {
        Description = "The cases: one JSON object per line with id, policy, users, nodes.", HelpName = "IN.jsonl", Required = true,
    };

    static readonly Option<string> Out = new("--out") { Description = "Where the results go: one line per case, in order.", HelpName = "OUT.jsonl", Required = true };

    public static Command Build() => new Command("compile",
        """
        Compile policies for users and nodes given in a file, without a coordinator: what each node's packet filter lets in, whom it sees
        with which routes, and its SSH rules.

        Example:
          meshiot policy compile --cases cases.jsonl --out results.jsonl
        """)
    {
        Cases, Out,
    }.Runs(CompileAsync);

    static async Task<int> CompileAsync(ParseResult parsed, CancellationToken ct)
    {
        string from = parsed.GetRequiredValue(Cases), to = parsed.GetRequiredValue(Out);
        int exitCode = ExitCodes.Done, number = 0;
        string current = from;
        try
        {
            using StreamReader lines = new(from, Encoding.UTF8);
            current = to;
            await using StreamWriter results = new(to, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            current = from;
            while (await lines.ReadLineAsync(ct) is { } line)
            {
                number++;
                if (string.IsNullOrWhiteSpace(line))
                {
                    continue;
                }

                if (PolicyCase.Read(line, out string why) is not { } one)
                {
                    exitCode = Shared.Fail(parsed, Faults.PolicyCaseMalformed.With(from, number, why.TrimEnd('.')));
                    continue;
                }

                current = to;
                await results.WriteLineAsync(one.Evaluate().AsMemory(), ct);
                current = from;
            }

            current = to;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Faults.PolicyFileUnusable.With(current, e.Message.TrimEnd('.')).ToException();
        }

        return exitCode;
    }
}
