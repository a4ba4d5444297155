using CsCheck;
using DisruptorStream.State.Sessions;

namespace DisruptorStream.Tests.State.Sessions;

public sealed class DueOrderTests
{
    private readonly DueOrder _order = new();

    /// <summary>Some end together, some at either end of time: the order is the one of the results.</summary>
    [Fact]
    public void Sort_AnySessions_OrdersAsTheyCompare()
    {
        var end = Gen.OneOf(Gen.Long[0, 3], Gen.Long[1000, 2000], Gen.Long);
        Gen.Select(end, Gen.Long[0, 2], Gen.Int[0, 5]).Array[0, 300].Sample(
            sessions =>
            {
                var due = Array.ConvertAll(
                    sessions, next => new DueSession(next.Item1, next.Item2, next.Item3, Index: 0));
                var expected = due.Order().Select(Key).ToArray();
                _order.Sort(due);
                Assert.Equal(expected, due.Select(Key));
            },
            threads: 1);
    }

    [Fact]
    public void Sort_MoreThanThereArePlaces_OrdersAsTheyCompare()
    {
        var random = new Random(1);
        var due = new DueSession[20_000];
        for (var at = 0; at < due.Length; at++)
            due[at] = new DueSession(random.Next(50_000), 0, at, at);
        var expected = due.Order().Select(Key).ToArray();
        _order.Sort(due);
        Assert.Equal(expected, due.Select(Key));
    }

    private static (long End, long Start, int KeyId) Key(DueSession due) => (due.EndTicks, due.StartTicks, due.KeyId);
}
