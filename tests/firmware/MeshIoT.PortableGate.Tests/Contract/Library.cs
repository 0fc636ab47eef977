// The rest of the contract: what is not the language's own.
namespace System
{
    public static class BitConverter
    {
        public static bool IsLittleEndian => throw null;
        public static short ToInt16(byte[] value, int start) => throw null;
        public static int ToInt32(byte[] value, int start) => throw null;
        public static long ToInt64(byte[] value, int start) => throw null;
        public static ushort ToUInt16(byte[] value, int start) => throw null;
        public static uint ToUInt32(byte[] value, int start) => throw null;
        public static ulong ToUInt64(byte[] value, int start) => throw null;
    }

    public static class Convert
    {
        public static string ToBase64String(byte[] value) => throw null;
        public static byte[] FromBase64String(string value) => throw null;
    }

    public static class Math
    {
        public static int Min(int a, int b) => throw null;
        public static int Max(int a, int b) => throw null;
        public static int Abs(int a) => throw null;
    }

    public class Exception
    {
        public Exception() { }
        public Exception(string message) { }
        public Exception(string message, Exception inner) { }
        public virtual string Message => throw null;
    }

    public class SystemException : Exception
    {
        public SystemException() { }
        public SystemException(string message) { }
        public SystemException(string message, Exception inner) { }
    }

    public class ArgumentException : SystemException
    {
        public ArgumentException() { }
        public ArgumentException(string message) { }
        public ArgumentException(string message, string parameter) { }
        public ArgumentException(string message, Exception inner) { }
    }

    public class ArgumentNullException : ArgumentException { public ArgumentNullException(string parameter) { } }

    public class ArgumentOutOfRangeException : ArgumentException
    {
        public ArgumentOutOfRangeException(string parameter) { }
        public ArgumentOutOfRangeException(string parameter, string message) { }
    }

    public class InvalidOperationException : SystemException
    {
        public InvalidOperationException() { }
        public InvalidOperationException(string message) { }
        public InvalidOperationException(string message, Exception inner) { }
    }

    public class IndexOutOfRangeException : SystemException { }

    public class NotSupportedException : SystemException
    {
        public NotSupportedException() { }
        public NotSupportedException(string message) { }
    }
}

namespace System.Collections
{
    public interface IEnumerable { IEnumerator GetEnumerator(); }
    public interface IEnumerator { bool MoveNext(); object Current { get; } }
    public interface ICollection : IEnumerable { }

    public class ArrayList : ICollection
    {
        public int Count => throw null;
        public object this[int index] { get => throw null; set => throw null; }
        public int Add(object value) => throw null;
        public void Insert(int index, object value) => throw null;
        public void Remove(object value) => throw null;
        public void RemoveAt(int index) => throw null;
        public void Clear() => throw null;
        public bool Contains(object value) => throw null;
        public int IndexOf(object value) => throw null;
        public IEnumerator GetEnumerator() => throw null;
    }

    public class Hashtable : ICollection
    {
        public int Count => throw null;
        public object this[object key] { get => throw null; set => throw null; }
        public void Add(object key, object value) => throw null;
        public void Remove(object key) => throw null;
        public void Clear() => throw null;
        public bool Contains(object key) => throw null;
        public ICollection Keys => throw null;
        public ICollection Values => throw null;
        public IEnumerator GetEnumerator() => throw null;
    }
}

namespace System.Text
{
    public abstract class Encoding
    {
        public static Encoding UTF8 => throw null;
        public byte[] GetBytes(string s) => throw null;
        public string GetString(byte[] bytes, int index, int count) => throw null;
    }

    public sealed class StringBuilder
    {
        public int Length => throw null;
        public StringBuilder Append(char value) => throw null;
        public StringBuilder Append(string value) => throw null;
        public StringBuilder Append(int value) => throw null;
        public override string ToString() => throw null;
    }
}
