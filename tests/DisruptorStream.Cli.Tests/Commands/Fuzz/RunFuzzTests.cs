using System.Globalization;
using System.Text.RegularExpressions;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Commands.Fuzz;

/// <summary>
/// Mutated files and arguments end with a documented code and a sentence, every line is counted once, and a job that
/// fails leaves no results.
/// </summary>
/// <remarks>
/// DISRUPTORSTREAM_FUZZ is how many are tried: 2,000 unless it is set; 100,000 is the long form.
/// DISRUPTORSTREAM_FUZZ_FROM is the number of the first, as a failure names it.
/// </remarks>
public sealed partial class RunFuzzTests
{
    private const int Default = 2_000;

    [Fact]
    public async Task Run_MutatedInputs_EndWithACodeAndCountEachLine()
    {
        var first = TestScale.Of("DISRUPTORSTREAM_FUZZ_FROM", 0);
        var count = TestScale.Of("DISRUPTORSTREAM_FUZZ", Default);
        var counted = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 2),
            async (lane, cancellationToken) =>
            {
                using var run = new CommandRun();
                for (var number = first + lane; number < first + count; number += 2)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (await CheckAsync(run, number))
                        Interlocked.Increment(ref counted);
                }
            });

        // Else most cases would be refused before a line is read.
        Assert.True(counted > count / 4, $"{counted} of {count} were read to their ends.");
    }

    /// <summary>Returns whether the lines were counted.</summary>
    private static async Task<bool> CheckAsync(CommandRun run, int number)
    {
        var one = FuzzCases.Create(number);
        var path = run.Write(one.FileName, one.Input);
        int code;
        try
        {
            code = await run.RunAsync(["run", path, .. one.Options]);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Case {number}: {one}", exception);
        }

        var told = $"Case {number} ended with {code}: {one}\n{run.Error}";
        Assert.True(code is ExitCode.Success or ExitCode.Failed or ExitCode.Usage or ExitCode.BadLine, told);
        Assert.False(run.Error.Contains("   at ", StringComparison.Ordinal), told);
        Assert.False(run.Error.Contains("Exception", StringComparison.Ordinal), told);
        Assert.False(run.Error.Any(one => char.IsControl(one) && one is not ('\n' or '\r')), told);
        Assert.True(code is ExitCode.Success || run.Error.Contains("dstream: ", StringComparison.Ordinal), told);
        var isDone = code is ExitCode.Success || run.Error.Contains("failed, without values", StringComparison.Ordinal);
        Assert.True(isDone || run.Text.Length == 0, $"A job that failed has left results. {told}");
        Assert.False(run.HasTemporaryFiles, $"A file was left beside the results. {told}");
        if (SumLine().Match(run.Error) is not { Success: true } sum)
            return false;
        long Part(string name) => long.Parse(
            sum.Groups[name].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        var parts = Part("headers") + Part("events") + Part("bad") + Part("blank") + Part("further");
        Assert.True(parts == Part("total"), told);
        Assert.True(one.Lines is null || one.Lines == parts, $"It has {one.Lines} lines. {told}");
        Assert.True(run.Error.Contains($"{sum.Groups["events"].Value} event", StringComparison.Ordinal), told);
        return true;
    }

    [GeneratedRegex(
        @"(?<total>[\d,]+) lines = (?<headers>[\d,]+) of headers \+ (?<events>[\d,]+) of events \+ (?<bad>[\d,]+) bad "
        + @"\+ (?<blank>[\d,]+) blank \+ (?<further>[\d,]+) further ones")]
    private static partial Regex SumLine();
}
