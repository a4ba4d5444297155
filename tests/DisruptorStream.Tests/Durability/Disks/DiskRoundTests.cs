using DisruptorStream.Simulation.Rounds;

namespace DisruptorStream.Tests.Durability.Disks;

public sealed class DiskRoundTests
{
    [Fact]
    public void Run_AnySeed_DiskKeepsItsPromises()
    {
        for (var seed = 0; seed < 60; seed++)
            DiskRound.Run(seed);
    }

    [Fact]
    public void Run_SameSeed_SameDisk()
    {
        Assert.Equal(DiskRound.Run(7), DiskRound.Run(7));
        Assert.NotEqual(DiskRound.Run(7), DiskRound.Run(8));
    }
}
