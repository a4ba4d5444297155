using CsCheck;
using DisruptorStream.Emission.Gating;

namespace DisruptorStream.Tests.Emission.Gating;

public sealed class HeldRowsTests
{
    /// <summary>It is a queue, also where it grows while its head lies in the middle.</summary>
    [Fact]
    public void AnyAddsAndRemoves_AgreeWithAQueue() =>
        Gen.Int[-3, 6].Array[0, 200].Sample(steps =>
        {
            var rows = new HeldRows(width: 2);
            var model = new Queue<long>();
            var next = 0L;
            foreach (var step in steps)
            {
                for (var add = 0; add < step; add++)
                {
                    rows.Add(Rows.Pane(next), Rows.Values(next, 1));
                    model.Enqueue(next++);
                }

                for (var remove = 0; remove > step && model.Count > 0; remove--)
                {
                    Assert.Equal((model.Peek(), model.Peek()), (rows.Head.Sequence, rows.HeadValues[0]));
                    rows.RemoveHead();
                    model.Dequeue();
                }

                Assert.Equal(model.Count, rows.Count);
                Assert.Equal(model.Count == 0, rows.Bytes == 0);
            }
        });
}
