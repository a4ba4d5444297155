using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Journal.Reading;
using DisruptorStream.Simulation.Disks;

namespace DisruptorStream.Tests.Durability.Journal;

/// <summary>
/// A sync that failed loses pages that the cache still shows: who goes on from them makes them durable first.
/// </summary>
public sealed class TailRewritingTests
{
    [Fact]
    public void Run_AfterASyncThatFailed_WhatWasReadIsThereAfterAPowerCut()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var disk = new SimulatedDisk(seed);
            disk.Faults.WriteBackChance = 0;
            var writer = JournalBench.NewWriter(disk, JournalBench.Options(1 << 16));
            writer.AppendSlots(5);
            writer.Write();
            writer.Sync();
            writer.AppendSlots(200);
            writer.Write();
            disk.Faults.Fail(DiskOperation.Sync, DiskFault.Error);
            Assert.Throws<JournalException>(writer.Sync);
            disk.CrashProcess();

            var read = JournalContents.Open(disk, JournalBench.Directory);
            TailRewriting.Run(disk, read);
            disk.Crash(new Random(seed));

            var left = JournalContents.Open(disk, JournalBench.Directory);
            Assert.Empty(left.Damage);
            Assert.Equal((204, read.LastSequence), (read.LastSequence, left.LastSequence));
        }
    }
}
