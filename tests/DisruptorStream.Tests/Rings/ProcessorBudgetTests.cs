using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Rings;

/// <summary>How many processors there really are, from copies of what Linux shows.</summary>
public sealed class ProcessorBudgetTests : IDisposable
{
    private const string Version2Mount = "30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw";
    private const string Version1Mount = "31 20 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct";

    private readonly string _root = Directory.CreateTempSubdirectory("budget").FullName;

    [Fact]
    public void ReadLinux_NothingThere_DoesNotLimit() => Assert.Equal(16, Read(16));

    [Theory]
    [InlineData("0-3", 4)]
    [InlineData("0-1,4,6-7", 5)]
    [InlineData("5", 1)]
    [InlineData("", 16)]
    [InlineData("3-1", 16)]
    public void ReadLinux_Affinity_IsCounted(string list, int expected)
    {
        Write("proc/self/status", $"Name:\tx\nCpus_allowed_list:\t{list}\n");

        Assert.Equal(expected, Read(16));
    }

    [Theory]
    [InlineData("max 100000", 16)]
    [InlineData("200000 100000", 2)]
    [InlineData("150000 100000", 2)]
    [InlineData("10000 100000", 1)]
    public void ReadLinux_QuotaOfVersion2_IsRoundedUp(string quota, int expected)
    {
        Write("proc/self/mountinfo", Version2Mount);
        Write("proc/self/cgroup", "0::/pod/box");
        Write("sys/fs/cgroup/pod/box/cpu.max", quota);

        Assert.Equal(expected, Read(16));
    }

    [Fact]
    public void ReadLinux_QuotaOfAGroupAround_CountsAsWell()
    {
        Write("proc/self/mountinfo", Version2Mount);
        Write("proc/self/cgroup", "0::/pod/box");
        Write("sys/fs/cgroup/pod/box/cpu.max", "max 100000");
        Write("sys/fs/cgroup/pod/cpu.max", "300000 100000");

        Assert.Equal(3, Read(16));
    }

    [Theory]
    [InlineData("400000", 4)]
    [InlineData("-1", 16)]
    public void ReadLinux_QuotaOfVersion1_IsRead(string quota, int expected)
    {
        Write("proc/self/mountinfo", Version1Mount);
        Write("proc/self/cgroup", "3:cpu,cpuacct:/box");
        Write("sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", quota);
        Write("sys/fs/cgroup/cpu/box/cpu.cfs_period_us", "100000");

        Assert.Equal(expected, Read(16));
    }

    [Fact]
    public void Current_ThisProcess_HasAtLeastOne() =>
        Assert.InRange(ProcessorBudget.Current.Processors, 1, Environment.ProcessorCount);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private int Read(int processorCount) => ProcessorBudget.ReadLinux(_root, processorCount).Processors;

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
