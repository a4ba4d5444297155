using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace DisruptorStream.Samples.Tests;

/// <summary>The worker goes on where it was when its process was killed in the middle of a window.</summary>
public sealed class WorkerTests : IDisposable
{
    private const int Lines = 577;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string _directory = Directory.CreateTempSubdirectory("worker-").FullName;

    [Fact]
    public async Task Run_AfterKill_GoesOnWithTheSameResults()
    {
        var whole = await RunAsync(0, int.MaxValue);
        Assert.Equal(Lines, whole.Count);

        // The second run goes fast: what is left of the day comes at once.
        var durable = $"--Processors:climate:Durability:Directory={_directory}";
        var first = await RunAsync(200, 50, durable);
        var second = await RunAsync(0, int.MaxValue, durable);

        // A kill may leave half of a line, which nobody has been told of.
        if (!whole.Contains(first[^1]))
            first.RemoveAt(first.Count - 1);
        Assert.InRange(first.Count, 50, Lines - 1);
        Assert.InRange(second.Count, 2, Lines - 1);
        Assert.Equal(whole, first.Union(second));
    }

    [Fact]
    public async Task Run_AfterKills_HasEachRowOfTheDatabaseOnce()
    {
        var (whole, killed) = (Path.Combine(_directory, "whole.db"), Path.Combine(_directory, "killed.db"));
        await RunAsync(0, int.MaxValue, $"--Results:Database={whole}");

        string[] durable =
            [$"--Processors:climate:Durability:Directory={_directory}/state", $"--Results:Database={killed}"];
        foreach (var lines in (int[])[40, 30])
            await RunAsync(200, lines, durable);
        await RunAsync(0, int.MaxValue, durable);

        Assert.Equal(Lines - 1, RowsOf(whole).Count);
        Assert.Equal(RowsOf(whole), RowsOf(killed));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    // Beside the tests: it has a folder of its own, for it reads settings there.
    private static string Worker
    {
        get
        {
            var tests = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(tests.Parent!.Parent!.FullName, "Worker", tests.Name, "Worker.dll");
        }
    }

    private static List<string> RowsOf(string database)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT number, key, window_start, readings, mean, spread, p95, highest FROM windows ORDER BY rowid";
        using var rows = command.ExecuteReader();
        var lines = new List<string>();
        while (rows.Read())
        {
            lines.Add(string.Join('|', Enumerable.Range(0, rows.FieldCount).Select(
                column => Convert.ToString(rows.GetValue(column), CultureInfo.InvariantCulture))));
        }

        return lines;
    }

    /// <summary>Runs the worker, and kills it after some lines.</summary>
    private static async Task<List<string>> RunAsync(int millisecondsPerHour, int lines, params string[] arguments)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        guard.CancelAfter(Patience);
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Worker, $"--Replay:MillisecondsPerHour={millisecondsPerHour}" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(guard.Token);
            var output = new List<string>();
            while (await process.StandardOutput.ReadLineAsync(guard.Token) is { } line)
            {
                output.Add(line);
                if (output.Count == lines)
                    process.Kill();
            }

            await process.WaitForExitAsync(guard.Token);
            Assert.True(lines < int.MaxValue || process.ExitCode == 0, await errors);
            return output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
