using DisruptorStream.Rings.Waiting;

namespace DisruptorStream.Tests.Rings.Waiting;

public class BiasedLockTests
{
    private static readonly TimeSpan TimeOut = TimeSpan.FromMinutes(5);

    /// <summary>The owner changes two numbers together; guests see them equal, and lose none of their own.</summary>
    [Fact]
    public async Task Enter_OwnerBesideGuests_NeverBothInside()
    {
        const int Guests = 3;
        const int Visits = 300;
        var gate = new BiasedLock();
        var (left, right, visits) = (0L, 0L, 0);
        var owner = Task.Run(() =>
        {
            while (Volatile.Read(ref visits) < Guests * Visits)
            {
                gate.EnterAsOwner();
                left++;
                right++;
                gate.ExitAsOwner();
            }
        });
        var guests = Enumerable.Range(0, Guests).Select(_ => Task.Run(() =>
        {
            for (var visit = 0; visit < Visits; visit++)
            {
                gate.EnterAsGuest();
                var isWhole = left == right;
                left++;
                right++;
                visits++;
                gate.ExitAsGuest();
                Assert.True(isWhole, "The owner was inside.");
            }
        })).ToArray();

        try
        {
            await Task.WhenAll(guests).WaitAsync(TimeOut);
        }
        finally
        {
            Volatile.Write(ref visits, Guests * Visits);
        }

        await owner.WaitAsync(TimeOut);
        Assert.Equal(left, right);
    }
}
