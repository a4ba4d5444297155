using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Pairs;

namespace DisruptorStream.LoadTests.Streams;

/// <summary>
/// Six queries on one stream, against six streams that each get every call, and against what the parts take alone.
/// </summary>
internal static class Together
{
    /// <summary>How much longer than its parts, each measured alone, a stream may take.</summary>
    private const double MostOfParts = 1.2;

    private const int Rounds = 7;

    public static async Task RunAsync(Lane lane, bool withParts, Checklist checklist)
    {
        await CompareResultsAsync(lane, checklist);
        var (together, apart, ofApart, ofParts) =
            (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var one = await lane.TimeAsync(new SixQueries().Together(lane.Options));
            var six = await lane.TimeAsync(Apart(new SixQueries(), lane.Options));
            together.Add(one);
            apart.Add(six);
            ofApart.Add(six / one);
            if (withParts)
                ofParts.Add(one / await PartsAsync(lane));
        }

        var (mine, theirs) = (MedianInterval.MedianOf(together), MedianInterval.MedianOf(apart));
        Console.WriteLine(FormattableString.Invariant(
            $"{lane,-16} one stream {mine:F1} ns/event, six {theirs:F1}, {MedianInterval.MedianOf(ofApart):F2} ×"));
        if (withParts)
            checklist.AtMost($"{lane}: of its parts alone", MedianInterval.MedianOf(ofParts), MostOfParts);
    }

    private static async Task CompareResultsAsync(Lane lane, Checklist checklist)
    {
        var (one, six) = (new SixQueries(), new SixQueries());
        await lane.TimeAsync(one.Together(lane.Options));
        await lane.TimeAsync(Apart(six, lane.Options));
        checklist.Check(
            $"{lane}: results", one.Outcome.SequenceEqual(six.Outcome), "the same, together and apart");
    }

    private static CallTarget[] Apart(SixQueries queries, StreamProcessorOptions options)
    {
        var targets = new CallTarget[SixQueries.Count];
        for (var query = 0; query < targets.Length; query++)
            targets[query] = queries.Alone(query, options);
        return targets;
    }

    // One publish, one look-up of each different key, and the folds. What a look-up takes is the difference to a
    // stream with a key that is the same for all events; what a fold takes, that to a stream which folds nothing.
    private static async Task<double> PartsAsync(Lane lane)
    {
        var publish = await IdleAsync(lane, "one");
        var model = await IdleAsync(lane, "model");
        var tenant = await IdleAsync(lane, "tenant");
        var user = await IdleAsync(lane, "user");
        var both = await IdleAsync(lane, "tenant", "user");
        var sum = model + both - publish;
        for (var query = 0; query < SixQueries.Count; query++)
        {
            var alone = await lane.TimeAsync(new SixQueries().Alone(query, lane.Options));
            sum += alone - SixQueries.KeysOf(query) switch
            {
                ["model"] => model,
                ["tenant"] => tenant,
                ["user"] => user,
                _ => both,
            };
        }

        return sum;
    }

    private static async Task<double> IdleAsync(Lane lane, params IReadOnlyList<string> keys) =>
        await lane.TimeAsync(CallStream.WithoutFolds(lane.Options, keys));
}
