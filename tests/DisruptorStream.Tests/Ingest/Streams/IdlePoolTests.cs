using DisruptorStream.Ingest.Streams;

namespace DisruptorStream.Tests.Ingest.Streams;

public sealed class IdlePoolTests
{
    [Fact]
    public void Rent_AsManyAsWereReturned_MakesNoFurtherOnes()
    {
        var made = 0;
        var pool = new IdlePool<object>(3, Make);
        object[] rented = [pool.Rent(), pool.Rent(), pool.Rent()];
        for (var round = 0; round < 5; round++)
        {
            foreach (var item in rented)
                pool.Return(item);
            rented = [pool.Rent(), pool.Rent(), pool.Rent()];
            Assert.Equal(3, rented.Distinct().Count());
        }

        Assert.Equal(3, made);

        object Make()
        {
            made++;
            return new object();
        }
    }

    [Fact]
    public void Return_MoreThanAreKept_ForgetsTheRest()
    {
        var pool = new IdlePool<object>(1, () => new object());
        var (first, second) = (pool.Rent(), pool.Rent());
        pool.Return(first);
        pool.Return(second);
        Assert.Same(first, pool.Rent());
        Assert.NotSame(second, pool.Rent());
    }

    [Fact]
    public void Rent_ManyThreads_NobodySharesOne()
    {
        const int Threads = 4;
        var pool = new IdlePool<int[]>(Threads, () => new int[1]);
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            for (var round = 0; round < 20_000; round++)
            {
                var mine = pool.Rent();
                Assert.Equal(1, Interlocked.Increment(ref mine[0]));
                Interlocked.Decrement(ref mine[0]);
                pool.Return(mine);
            }
        });
    }
}
