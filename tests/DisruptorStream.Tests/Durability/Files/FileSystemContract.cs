using System.Runtime.InteropServices;
using DisruptorStream.Durability.Files;

namespace DisruptorStream.Tests.Durability.Files;

/// <summary>What every file system promises.</summary>
public abstract class FileSystemContract : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("files").FullName;
    private readonly IFileSystem _files;

    private protected FileSystemContract(IFileSystem files) => _files = files;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected IFileSystem FileSystem => _files;

    protected string PathOf(string name) => Path.Combine(_folder, name);

    [Fact]
    public void Write_SeveralParts_AreReadBack()
    {
        using var file = _files.Create(PathOf("a"));
        using var bytes = new NativeBytes([1, 2, 3, 4, 5]);
        file.Write(0, [bytes.Part(0, 2), bytes.Part(2, 0), bytes.Part(2, 3)]);
        file.Write(7, [bytes.Part(1, 1)]);
        file.Sync();

        Assert.Equal(8, file.Length);
        Assert.Equal([1, 2, 3, 4, 5, 0, 0, 2], File.ReadAllBytes(PathOf("a")));
        var read = new byte[4];
        Assert.Equal(4, file.Read(1, read));
        Assert.Equal([2, 3, 4, 5], read);
    }

    [Fact]
    public void Write_Nothing_ChangesNothing()
    {
        using var file = _files.Create(PathOf("a"));
        file.Write(5, []);
        file.Write(5, [default, default]);

        Assert.Equal(0, file.Length);
    }

    /// <summary>More parts than one call of the system takes.</summary>
    [Theory]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(5000)]
    public void Write_ManyParts_AllAreThere(int count)
    {
        var expected = new byte[count];
        for (var i = 0; i < count; i++)
            expected[i] = (byte)(i * 31);
        using var bytes = new NativeBytes(expected);
        using var file = _files.Create(PathOf("a"));
        file.Write(0, Enumerable.Range(0, count).Select(i => bytes.Part(i, 1)).ToArray());

        Assert.Equal(expected, File.ReadAllBytes(PathOf("a")));
    }

    [Fact]
    public void Read_PastTheEnd_IsShort()
    {
        using var file = _files.Create(PathOf("a"));
        using var bytes = new NativeBytes([1, 2, 3]);
        file.Write(0, [bytes.Part(0, 3)]);
        var read = new byte[5];

        Assert.Equal(2, file.Read(1, read));
        Assert.Equal([2, 3, 0, 0, 0], read);
        Assert.Equal(0, file.Read(3, read));
        Assert.Equal(0, file.Read(1000, read));
    }

    [Fact]
    public void SetLength_ShorterAndLonger_CutsOffAndFillsWithZeros()
    {
        using var file = _files.Create(PathOf("a"));
        using var bytes = new NativeBytes([1, 2, 3]);
        file.Write(0, [bytes.Part(0, 3)]);
        file.SetLength(1);
        file.SetLength(3);

        Assert.Equal(3, file.Length);
        Assert.Equal([1, 0, 0], File.ReadAllBytes(PathOf("a")));
    }

    [Fact]
    public void Create_OneThatIsThere_Throws()
    {
        File.WriteAllText(PathOf("a"), "kept");

        Assert.Throws<IOException>(() => _files.Create(PathOf("a")));
        Assert.Equal("kept", File.ReadAllText(PathOf("a")));
    }

    [Fact]
    public void Open_OneThatIsThere_IsReadAndWritten()
    {
        File.WriteAllBytes(PathOf("a"), [1, 2]);
        using var bytes = new NativeBytes([9]);
        using var file = _files.Open(PathOf("a"));
        file.Write(1, [bytes.Part(0, 1)]);
        using var other = _files.Open(PathOf("a"));
        var read = new byte[2];

        Assert.Equal(2, other.Read(0, read));
        Assert.Equal([1, 9], read);
    }

    [Fact]
    public void Open_NoSuchFile_ThrowsWithItsPath()
    {
        var error = Assert.Throws<FileNotFoundException>(() => _files.Open(PathOf("missing")));

        Assert.Contains(PathOf("missing"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rename_OverOneThatIsThere_TakesItsPlace()
    {
        File.WriteAllText(PathOf("a"), "new");
        File.WriteAllText(PathOf("b"), "old");
        _files.Rename(PathOf("a"), PathOf("b"));
        _files.SyncDirectory(_folder);

        Assert.Equal("new", File.ReadAllText(PathOf("b")));
        Assert.Equal(["b"], _files.List(_folder));
    }

    [Fact]
    public void Rename_NoSuchFile_ThrowsWithItsPath()
    {
        var error = Assert.ThrowsAny<IOException>(() => _files.Rename(PathOf("missing"), PathOf("b")));

        Assert.Contains(PathOf("missing"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Delete_File_IsGone()
    {
        File.WriteAllText(PathOf("a"), "");
        _files.Delete(PathOf("a"));

        Assert.Empty(_files.List(_folder));
        Assert.Throws<FileNotFoundException>(() => _files.Delete(PathOf("a")));
    }

    [Fact]
    public void List_FilesAndFolders_NamesFilesAlone()
    {
        File.WriteAllText(PathOf("a"), "");
        File.WriteAllText(PathOf("b"), "");
        Directory.CreateDirectory(PathOf("c"));

        Assert.Equal(["a", "b"], _files.List(_folder).Order());
        Assert.Throws<DirectoryNotFoundException>(() => _files.List(PathOf("missing")));
    }

    [Fact]
    public void CreateDirectory_SeveralLevels_AreThere()
    {
        _files.CreateDirectory(PathOf("x/y/z"));
        _files.CreateDirectory(PathOf("x/y/z/"));

        Assert.True(Directory.Exists(PathOf("x/y/z")));
        Assert.Empty(_files.List(PathOf("x/y/z")));
    }

    [Fact]
    public void CreateDirectory_AFileIsInTheWay_Throws()
    {
        File.WriteAllText(PathOf("a"), "");

        Assert.Throws<IOException>(() => _files.CreateDirectory(PathOf("a")));
    }

    [Fact]
    public void SyncDirectory_NoSuchDirectory_ThrowsWithItsPath()
    {
        var error = Assert.ThrowsAny<IOException>(() => _files.SyncDirectory(PathOf("missing")));

        Assert.Contains(PathOf("missing"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryLock_Twice_SecondIsRefusedUntilTheFirstIsReleased()
    {
        using (var first = _files.TryLock(PathOf("lock")))
        {
            Assert.NotNull(first);
            Assert.Null(_files.TryLock(PathOf("lock")));
        }

        using var second = _files.TryLock(PathOf("lock"));
        Assert.NotNull(second);
        Assert.Equal(["lock"], _files.List(_folder));
    }

    [Fact]
    public void TryLock_NoSuchDirectory_Throws() =>
        Assert.Throws<DirectoryNotFoundException>(() => _files.TryLock(PathOf("missing/lock")));

    [Fact]
    public void Write_DiskFull_IsToldAsThat()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no device here that is always full.");
        using var bytes = new NativeBytes([1, 2, 3]);
        using var file = _files.Open("/dev/full");
        var part = bytes.Part(0, 3);

        var error = Assert.Throws<IOException>(() => file.Write(0, [part]));
        Assert.True(FileErrors.IsDiskFull(error), error.ToString());
        Assert.Contains("/dev/full", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AfterDispose_Throws()
    {
        using var bytes = new NativeBytes([1]);
        var part = bytes.Part(0, 1);
        var file = _files.Create(PathOf("a"));
        file.Dispose();

        Assert.Throws<ObjectDisposedException>(() => file.Write(0, [part]));
        Assert.Throws<ObjectDisposedException>(file.Sync);
        Assert.Throws<ObjectDisposedException>(() => file.Read(0, new byte[1]));
    }

    [Fact]
    public void WriteReadAndSync_AfterTheFirst_AllocateNothing()
    {
        using var bytes = new NativeBytes(new byte[64]);
        using var file = _files.Create(PathOf("a"));
        var read = new byte[64];
        FilePart[] parts = [bytes.Part(0, 32), bytes.Part(32, 32)];
        Run(file, parts, read);

        // The runtime itself may allocate on a thread, once, while it compiles anew what runs often.
        var least = long.MaxValue;
        for (var round = 0; round < 5 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10; i++)
                Run(file, parts, read);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);

        static void Run(IFile file, FilePart[] parts, byte[] read)
        {
            file.Write(0, parts);
            file.Read(0, read);
            file.Sync();
        }
    }

    /// <summary>What is reserved reads as zeros, and what was there stays.</summary>
    [Fact]
    public void TryReserve_WhereItCan_IsAsLongAndKeepsWhatIsThere()
    {
        using var file = FileSystem.Create(PathOf("reserved"));
        using var bytes = new NativeBytes([1, 2, 3]);
        file.Write(0, [bytes.Part(0, 3)]);

        var isReserved = file.TryReserve(10_000);

        Assert.Equal(isReserved ? 10_000 : 3, file.Length);
        var read = new byte[10_000];
        Assert.Equal(file.Length, file.Read(0, read));
        Assert.Equal([1, 2, 3], read[..3]);
        Assert.False(read.AsSpan(3).ContainsAnyExcept((byte)0));
        file.Sync();
    }

    /// <summary>Bytes outside of the managed heap.</summary>
    private protected sealed class NativeBytes : IDisposable
    {
        private readonly nint _address;

        public NativeBytes(byte[] bytes)
        {
            _address = Marshal.AllocHGlobal(bytes.Length);
            Marshal.Copy(bytes, 0, _address, bytes.Length);
        }

        public FilePart Part(int offset, int length) => new(_address + offset, (nuint)length);

        public void Dispose() => Marshal.FreeHGlobal(_address);
    }
}
