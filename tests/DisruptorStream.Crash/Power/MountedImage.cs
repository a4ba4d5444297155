namespace DisruptorStream.Crash.Power;

/// <summary>A file with a file system in it, as a folder.</summary>
internal sealed class MountedImage : IDisposable
{
    private readonly string _device;

    /// <param name="file">The file.</param>
    /// <param name="folder">Where the file system is to be seen.</param>
    public MountedImage(string file, string folder)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        _device = Tool.Run("losetup", "-f", "--show", file);
        try
        {
            Tool.Run("mount", "-t", "ext4", _device, Folder);
        }
        catch
        {
            Tool.Run("losetup", "-d", _device);
            throw;
        }
    }

    public string Folder { get; }

    public void Dispose()
    {
        try
        {
            Tool.Run("umount", Folder);
        }
        finally
        {
            Tool.Run("losetup", "-d", _device);
        }
    }
}
