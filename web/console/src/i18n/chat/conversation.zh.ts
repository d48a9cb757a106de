import type { Translation } from '../../app/words'
import type { conversationEn } from './conversation.en'

/** Chinese words of a conversation. */
export const conversationZh: Translation<typeof conversationEn> = {
  'content.image': '图片：{{name}}',
  'content.file': '文件：{{name}}',
  'content.unknown': '此版本无法显示的消息类型',

  'event.opened': '通过 {{inbox}} 发起',
  'event.opened_bot': '通过 {{inbox}} 发起，AI 客服先接待',
  'event.queued_handoff': 'AI 客服转交给 {{team}}',
  'event.queued_agent_gone': '客服已离开，回到 {{team}} 的队列',
  'event.queued_returned': '回到 {{team}} 的队列',
  'event.bot_called': '{{by}} 交给 AI 客服',
  'event.accepted': '{{name}} 接入',
  'event.assigned': '{{by}} 分配给 {{name}}',
  'event.routed': '系统分配给 {{name}}',
  'event.transfer_taken': '{{name}} 接受转接',
  'event.returned': '回到 {{name}}',
  'event.transfer_requested': '{{by}} 请求转接给 {{name}}',
  'event.transfer_declined': '{{by}} 拒绝转接',
  'event.transfer_timed_out': '转接超时，无人接受',
  'event.closed': '{{by}} 关闭了会话',
  'event.closed_because': '{{by}} 关闭了会话：{{reason}}',
  'event.reopened': '{{by}} 重新打开会话',
  'event.snoozed': '{{by}} 搁置至 {{until}}',
  'event.woken': '搁置结束',
  'event.labelled': '{{by}} 添加标签 {{labels}}',
  'event.unlabelled': '{{by}} 移除标签 {{labels}}',
  'event.postback': '{{by}} 点击了“{{label}}”',
  'event.released': '{{by}} 放行了消息',
  'event.withheld': '{{by}} 拦截了消息',
  'event.rated': '评分 {{score}} / 5',
}
