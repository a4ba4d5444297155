using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.Streams;

namespace DisruptorStream.LoadTests.Streams;

/// <summary>
/// Six queries on one stream against six streams that each get every event, in turns, results compared.
/// </summary>
internal static class QueriesCommand
{
    private const int Queries = 6;
    private const int Rounds = 7;
    private const int Batch = 256;

    public static Command Create()
    {
        var events = new Option<int>("--events")
        {
            Description = "Events of a run. Default 2000000.",
            DefaultValueFactory = _ => 2_000_000,
        };
        var command = new Command("queries", "Six queries on one stream, and on a stream each.") { events };
        command.SetAction(async (result, _) => await RunAsync(result.GetValue(events)));
        return command;
    }

    private static async Task<int> RunAsync(int count)
    {
        var calls = Calls.Generate(count);
        var checklist = new Checklist();
        foreach (var mode in new[] { ExecutionMode.Inline, ExecutionMode.Fused })
        {
            foreach (var isSingle in new[] { false, true })
                await CompareAsync(calls, mode, isSingle, checklist);
        }

        return checklist.Conclude();
    }

    private static async Task CompareAsync(Call[] calls, ExecutionMode mode, bool isSingle, Checklist checklist)
    {
        var (together, apart) = (new List<double>(), new List<double>());
        var name = $"{mode}, {(isSingle ? "singles" : "batches")}";
        for (var round = -1; round < Rounds; round++)
        {
            var one = await TimeAsync(calls, mode, isSingle, isTogether: true);
            var six = await TimeAsync(calls, mode, isSingle, isTogether: false);
            if (round < 0)
            {
                checklist.Check(
                    $"{name}: results", one.Outcome.SequenceEqual(six.Outcome), "the same, together and apart");
                continue;
            }

            together.Add(one.Nanoseconds);
            apart.Add(six.Nanoseconds);
        }

        together.Sort();
        apart.Sort();
        var (mine, theirs) = (together[Rounds / 2], apart[Rounds / 2]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-16} one stream {mine,7:F1} ns/event, six streams {theirs,7:F1} ns/event, {theirs / mine:F2} ×"));
    }

    private static async Task<(double Nanoseconds, (long, ulong)[] Outcome)> TimeAsync(
        Call[] calls, ExecutionMode mode, bool isSingle, bool isTogether)
    {
        var queries = new SixQueries();
        var streams = new List<EventStream<Call>>();
        var options = new StreamProcessorOptions { Mode = mode, FutureSkewLimit = null };
        var together = default(Building.Streams.StreamStep<Call>);
        for (var query = 0; query < Queries; query++)
        {
            var step = queries.Add(isTogether ? together : null, query);
            if (isTogether)
                together = step;
            else
                streams.Add(step.WithOptions(options).Build());
        }

        if (together is not null)
            streams.Add(together.WithOptions(options).Build());
        if (mode != ExecutionMode.Inline)
            streams.ForEach(stream => stream.Start());
        var started = Stopwatch.GetTimestamp();
        Publish(calls, streams, isSingle);
        foreach (var stream in streams)
            await stream.StopAsync(StopMode.Complete);
        var nanoseconds = Stopwatch.GetElapsedTime(started).TotalNanoseconds / calls.Length;
        foreach (var stream in streams)
            await stream.DisposeAsync();
        return (nanoseconds, queries.Outcome);
    }

    private static void Publish(Call[] calls, List<EventStream<Call>> streams, bool isSingle)
    {
        for (var first = 0; first < calls.Length; first += Batch)
        {
            var batch = calls.AsSpan(first, Math.Min(Batch, calls.Length - first));
            foreach (var stream in streams)
            {
                if (!isSingle)
                {
                    stream.Publish((ReadOnlySpan<Call>)batch);
                    continue;
                }

                foreach (ref readonly var call in batch)
                    stream.Publish(in call);
            }
        }
    }
}
