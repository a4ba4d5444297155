using CsCheck;
using DisruptorStream.State.Sessions.Timing;

namespace DisruptorStream.Tests.State.Sessions.Timing;

public sealed class DueOrderTests
{
    private readonly DueOrder _order = new();

    /// <summary>Some end together, some at either end of time: the order is the one of the results.</summary>
    [Fact]
    public void Work_AnySessionsAndBudget_OrdersAsTheyCompare()
    {
        var end = Gen.OneOf(Gen.Long[0, 3], Gen.Long[1000, 2000], Gen.Long);
        Gen.Select(Gen.Select(end, Gen.Long[0, 2], Gen.Int[0, 5]).Array[0, 300], Gen.Int[1, 40], Gen.Int[0, 5]).Sample(
            (sessions, budget, first) =>
            {
                var due = Array.ConvertAll(
                    sessions, next => new DueSession(next.Item1, next.Item2, next.Item3, Index: 0));
                first = Math.Min(first, due.Length);
                var expected = due.Take(first).Concat(due.Skip(first).Order()).Select(Key).ToArray();
                Sort(due, first, budget);
                Assert.Equal(expected, due.Select(Key));
            },
            threads: 1);
    }

    [Theory]
    [InlineData(50_000)]
    [InlineData(3)]
    [InlineData(1)]
    public void Work_MoreThanThereArePlaces_OrdersAsTheyCompare(int ends)
    {
        var random = new Random(1);
        var due = new DueSession[20_000];
        for (var at = 0; at < due.Length; at++)
            due[at] = new DueSession(random.Next(ends), random.Next(100), due.Length - at, at);
        var expected = due.Order().Select(Key).ToArray();
        Sort(due, first: 0, int.MaxValue);
        Assert.Equal(expected, due.Select(Key));
    }

    /// <summary>No step takes longer than its budget says, also where all end together.</summary>
    [Theory]
    [InlineData(50_000)]
    [InlineData(1)]
    public void Work_SmallBudget_TakesManySteps(int ends)
    {
        const int Budget = 32;
        var random = new Random(1);
        var due = new DueSession[20_000];
        for (var at = 0; at < due.Length; at++)
            due[at] = new DueSession(random.Next(ends), 0, random.Next(), at);

        var steps = Sort(due, first: 0, Budget);

        Assert.InRange(steps, 4 * due.Length / (Budget * DueOrder.SessionsPerUnit), due.Length / Budget * 4);
    }

    private int Sort(DueSession[] due, int first, int budget)
    {
        _order.Begin(due, first, due.Length - first);
        var steps = 0;
        while (!_order.IsDone && steps < 100_000)
        {
            var left = budget;
            _order.Work(ref left);
            steps++;
        }

        return steps;
    }

    private static (long End, long Start, int KeyId) Key(DueSession due) => (due.EndTicks, due.StartTicks, due.KeyId);
}
