namespace DisruptorStream.Tests.Streams.Cases;

/// <summary>Shows where two runs of a random stream part.</summary>
internal static class Differences
{
    public static void Check(StreamCase one, List<string>[] expected, RunWay way, List<string>[] actual)
    {
        for (var query = 0; query < expected.Length; query++)
        {
            if (expected[query].SequenceEqual(actual[query]))
                continue;
            var same = expected[query].Zip(actual[query]).TakeWhile(pair => pair.First == pair.Second).Count();
            var first = Math.Max(0, same - 2);
            Assert.Fail(string.Join(Environment.NewLine, [
                $"{way}, query {query}: {one.Queries[query]}, metrics "
                    + string.Join(' ', one.Queries[query].Metrics.AsEnumerable()),
                $"{one}, alone from line {first} on:",
                .. expected[query].Skip(first).Take(6),
                "in the stream:",
                .. actual[query].Skip(first).Take(6),
            ]));
        }
    }
}
