using CsCheck;
using DisruptorStream.State.Sessions.Timing;

namespace DisruptorStream.Tests.State.Sessions.Timing;

public sealed class DueQueueTests
{
    [Fact]
    public void Queue_RandomCalls_TakesTheEarliest() =>
        Gen.Select(Gen.Int[0, 2], Gen.Long[-100, 100]).Array[0, 300].Sample(calls =>
        {
            var queue = new DueQueue();
            var model = new List<long>();
            foreach (var (act, due) in calls)
            {
                if (act == 0 && model.Count > 0)
                {
                    var earliest = model.Min();
                    Assert.Equal(earliest, queue.Take().DueTicks);
                    model.Remove(earliest);
                }
                else
                {
                    queue.Add(due, model.Count);
                    model.Add(due);
                }

                Assert.Equal(model.Count == 0, queue.IsEmpty);
                Assert.Equal(model.Count == 0 ? long.MaxValue : model.Min(), queue.NextDueTicks);
            }
        });
}
