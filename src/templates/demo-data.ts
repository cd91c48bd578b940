/**
 * The material of the demo: an invented maker of warehouse equipment, its customers, its engineers and two months of
 * their tickets. Plain data; `demo.ts` gives it dates.
 */

export interface DemoCustomer {
  readonly name: string;
  readonly level: '重要' | '普通' | 'VIP';
  readonly region: string;
  readonly contact: string;
  readonly phone: string;
  readonly contract: string;
}

export interface DemoTicket {
  /** Working days before today on which it came in; 1 is the last one. */
  readonly day: number;
  /** Minutes after opening time. */
  readonly minute: number;
  /** Index into `customers`. */
  readonly customer: number;
  readonly product: string;
  readonly type: string;
  readonly priority: 'urgent' | 'high' | 'normal' | 'low';
  readonly title: string;
  readonly description: string;
  /** Index into `engineers`; null while nobody has it. */
  readonly engineer: number | null;
  /** Working minutes from arrival to the first answer; absent while nobody answered. */
  readonly answered?: number;
  /** It waited: for whom, from and to in working minutes after arrival; no end while it still waits. */
  readonly waited?: { readonly for: 'wait_customer' | 'wait_third'; readonly from: number; readonly to?: number };
  /** Working minutes from arrival to the solution. */
  readonly solved?: number;
  readonly solution?: string;
  /** Minutes of work. */
  readonly spent?: number;
  /** Working minutes from the solution to the end, and the customer's marks from 1 to 5. */
  readonly closed?: number;
  readonly rating?: number;
  /** Working minutes from arrival to its being called off. */
  readonly cancelled?: number;
}

export const frontDesk = '林晓';
export const engineers = ['张伟', '刘洋', '陈静', '赵磊', '孙倩', '周强'] as const;

export const customers: readonly DemoCustomer[] = [
  { name: '杭州云栖物流有限公司', level: 'VIP', region: '华东', contact: '沈佳明', phone: '13800001201', contract: 'HT-0031' },
  { name: '苏州同丰医药', level: '重要', region: '华东', contact: '顾敏', phone: '13800001202', contract: 'HT-0034' },
  { name: '上海百联冷链', level: 'VIP', region: '华东', contact: '陆一鸣', phone: '13800001203', contract: 'HT-0038' },
  { name: '南京金陵电子', level: '普通', region: '华东', contact: '丁蕾', phone: '13800001204', contract: 'HT-0042' },
  { name: '广州南沙保税仓', level: 'VIP', region: '华南', contact: '何志强', phone: '13800001205', contract: 'HT-0045' },
  { name: '深圳快捷电商', level: '重要', region: '华南', contact: '罗婷', phone: '13800001206', contract: 'HT-0047' },
  { name: '东莞鸿运五金', level: '普通', region: '华南', contact: '黎国栋', phone: '13800001207', contract: 'HT-0052' },
  { name: '成都锦程商贸', level: '重要', region: '西南', contact: '唐薇', phone: '13800001208', contract: 'HT-0055' },
  { name: '重庆山城食品', level: '普通', region: '西南', contact: '冉川', phone: '13800001209', contract: 'HT-0058' },
  { name: '北京华北供应链', level: 'VIP', region: '华北', contact: '马晓东', phone: '13800001210', contract: 'HT-0061' },
  { name: '天津滨海汽配', level: '重要', region: '华北', contact: '于洋', phone: '13800001211', contract: 'HT-0064' },
  { name: '武汉江汉图书', level: '普通', region: '华中', contact: '方圆', phone: '13800001212', contract: 'HT-0067' },
];

const PRINTER = '标签打印机 LP-420';
const HANDHELD = '手持终端 PDA-60';
const GATE = '门禁考勤机 AC-300';
const TABLET = '工业平板 TB-10';
const SCALE = '电子秤 SC-30';
const WMS = '仓储软件 WMS 5';

export const tickets: readonly DemoTicket[] = [
  { day: 43, minute: 25, customer: 0, product: PRINTER, type: '硬件故障', priority: 'high', title: '打印标签有竖向白线', description: '三号打包台的打印机从早上开始每张标签左侧有一条白线，换过碳带没有改善。', engineer: 0, answered: 18, solved: 205, solution: '打印头第 112～118 点损坏，现场更换打印头并校准浓度，连续打印 200 张正常。', spent: 95, closed: 430, rating: 5 },
  { day: 42, minute: 70, customer: 3, product: WMS, type: '使用咨询', priority: 'low', title: '如何导出上月盘点差异', description: '财务需要按库位导出 Excel，界面上没有找到入口。', engineer: 2, answered: 46, solved: 62, solution: '指导在“盘点—差异报表”中按库位汇总后导出，已发操作截图。', spent: 15, closed: 520, rating: 5 },
  { day: 41, minute: 130, customer: 4, product: HANDHELD, type: '硬件故障', priority: 'urgent', title: '12 台手持终端同时无法联网', description: '早班开始后所有终端提示“无法连接服务器”，收货停止。', engineer: 3, answered: 7, solved: 168, solution: '仓库无线控制器固件升级后改了加密方式，统一下发新的无线配置，12 台全部恢复。', spent: 150, closed: 300, rating: 5 },
  { day: 40, minute: 15, customer: 8, product: SCALE, type: '硬件故障', priority: 'normal', title: '电子秤称重漂移约 0.2 kg', description: '空秤归零后几分钟读数缓慢上升。', engineer: 5, answered: 74, waited: { for: 'wait_third', from: 300, to: 1850 }, solved: 2010, solution: '称重传感器受潮，备件到货后更换并用标准砝码标定。', spent: 130, closed: 610, rating: 4 },
  { day: 39, minute: 205, customer: 1, product: WMS, type: '软件问题', priority: 'high', title: '批号效期字段保存后丢失', description: '入库单填写效期后保存，再打开为空，涉及近效期药品。', engineer: 2, answered: 22, solved: 690, solution: '5.2.1 版本的已知缺陷，升级到 5.2.3，并由脚本补回 37 条效期记录。', spent: 240, closed: 480, rating: 4 },
  { day: 38, minute: 40, customer: 6, product: PRINTER, type: '使用咨询', priority: 'low', title: '想换成 60×40 的标签纸', description: '换纸后内容打在两张标签之间。', engineer: 4, answered: 55, solved: 75, solution: '电话指导重新做间隙学习并修改模板尺寸。', spent: 20, closed: 700, rating: 5 },
  { day: 37, minute: 320, customer: 9, product: GATE, type: '硬件故障', priority: 'normal', title: '东门考勤机触摸屏失灵', description: '屏幕左下角点不动，员工改刷卡。', engineer: 1, answered: 38, solved: 1130, solution: '上门更换触摸屏组件，人脸库已备份并恢复。', spent: 110, closed: 540, rating: 4 },
  { day: 36, minute: 95, customer: 5, product: HANDHELD, type: '备件更换', priority: 'normal', title: '申请更换 4 块电池', description: '电池鼓包，续航不足两小时。', engineer: 5, answered: 60, solved: 980, solution: '质保期内免费更换电池 4 块，旧件已回收。', spent: 40, closed: 450, rating: 5 },
  { day: 35, minute: 180, customer: 2, product: TABLET, type: '软件问题', priority: 'high', title: '冷库平板重启后不进应用', description: '零下环境中重启后停在桌面，需要人工点开应用。', engineer: 3, answered: 16, solved: 385, solution: '系统更新关闭了自启动，重新设置专用模式并锁定更新。', spent: 85, closed: 390, rating: 5 },
  { day: 34, minute: 60, customer: 7, product: WMS, type: '软件问题', priority: 'normal', title: '波次拣货单打印顺序错乱', description: '同一波次内订单顺序与库位路线不一致，拣货员来回走。', engineer: 2, answered: 82, waited: { for: 'wait_customer', from: 210, to: 1240 }, solved: 1420, solution: '客户确认按巷道优先后调整排序规则，并补建 B 区库位坐标。', spent: 180, closed: 560, rating: 4 },
  { day: 33, minute: 240, customer: 10, product: PRINTER, type: '硬件故障', priority: 'normal', title: '切刀不切纸并报警', description: '打印完成后切刀不动，面板显示 E07。', engineer: 0, answered: 33, solved: 760, solution: '切刀内有胶渍卡死，清洁并更换切刀弹簧。', spent: 70, closed: 620, rating: 5 },
  { day: 32, minute: 110, customer: 11, product: GATE, type: '安装调试', priority: 'low', title: '新增书库门禁安装', description: '二楼书库新装一台，需要接入原有考勤系统。', engineer: 1, answered: 120, solved: 2350, solution: '完成布线、安装与人员下发，客户现场验收签字。', spent: 300, closed: 480, rating: 5 },
  { day: 31, minute: 20, customer: 4, product: WMS, type: '软件问题', priority: 'urgent', title: '报关出库单无法提交', description: '点提交一直转圈，船期今天下午截止。', engineer: 2, answered: 6, solved: 131, solution: '海关接口证书过期，更新证书并重推 9 张单据，全部回执成功。', spent: 120, closed: 240, rating: 5 },
  { day: 30, minute: 285, customer: 3, product: SCALE, type: '使用咨询', priority: 'low', title: '电子秤如何连接新电脑', description: '电脑没有串口。', engineer: 4, answered: 48, solved: 90, solution: '建议使用 USB 转串口线，远程装好驱动并测试通过。', spent: 30, closed: 800, rating: 4 },
  { day: 29, minute: 150, customer: 0, product: HANDHELD, type: '硬件故障', priority: 'high', title: '5 台终端扫码头发暗', description: '扫低反光标签要多次才能识别。', engineer: 3, answered: 20, waited: { for: 'wait_third', from: 180, to: 1260 }, solved: 1490, solution: '该批次扫描窗镀膜老化，厂家补发窗片 5 片，已全部更换。', spent: 160, closed: 520, rating: 4 },
  { day: 28, minute: 65, customer: 8, product: WMS, type: '使用咨询', priority: 'normal', title: '新员工账号权限设置', description: '需要只能看本库区的账号 6 个。', engineer: 2, answered: 35, solved: 160, solution: '新建“库区操作员”角色，6 个账号已开通并发给联系人。', spent: 35, closed: 600, rating: 5 },
  { day: 27, minute: 330, customer: 9, product: TABLET, type: '硬件故障', priority: 'normal', title: '叉车平板支架松动黑屏', description: '颠簸后黑屏，按压后恢复。', engineer: 0, answered: 52, solved: 1010, solution: '电源接头松动，更换航空插头并加固支架。', spent: 90, closed: 530, rating: 4 },
  { day: 26, minute: 45, customer: 5, product: PRINTER, type: '投诉建议', priority: 'high', title: '大促前两台打印机反复维修', description: '同样的卡纸一个月内第三次出现，要求给出彻底办法。', engineer: 0, answered: 14, solved: 870, solution: '更换两台进纸机构，调拨一台备用机驻场两周，并致歉说明原因。', spent: 210, closed: 460, rating: 3 },
  { day: 25, minute: 200, customer: 6, product: HANDHELD, type: '使用咨询', priority: 'low', title: '键盘灯如何常亮', description: '夜班反映看不清按键。', engineer: 4, answered: 66, solved: 81, solution: '在“设置—显示—键盘背光”中改为常亮。', spent: 10, closed: 900 },
  { day: 24, minute: 90, customer: 2, product: SCALE, type: '硬件故障', priority: 'high', title: '出货口地磅数据不上传', description: '地磅显示正常但系统收不到重量。', engineer: 5, answered: 25, solved: 320, solution: '串口服务器死机，更换电源并开启看门狗重启。', spent: 100, closed: 410, rating: 5 },
  { day: 23, minute: 310, customer: 1, product: GATE, type: '软件问题', priority: 'normal', title: '考勤记录缺少两天数据', description: '16、17 两日记录未同步到人事系统。', engineer: 1, answered: 70, solved: 640, solution: '设备时间跳变导致同步游标停住，校时后补传 412 条。', spent: 120, closed: 590, rating: 4 },
  { day: 22, minute: 35, customer: 10, product: WMS, type: '软件问题', priority: 'normal', title: '库存预警邮件重复发送', description: '每小时收到同样的预警邮件。', engineer: 2, answered: 58, cancelled: 140 },
  { day: 21, minute: 160, customer: 4, product: TABLET, type: '安装调试', priority: 'normal', title: '新增 8 台叉车平板安装', description: '保税二仓扩建，需在周末前装好。', engineer: 3, answered: 44, solved: 1630, solution: '8 台平板安装、入网、下发应用完成，客户验收。', spent: 480, closed: 380, rating: 5 },
  { day: 20, minute: 230, customer: 7, product: PRINTER, type: '硬件故障', priority: 'normal', title: '打印头温度过高停机', description: '连续打印半小时后停机，冷却后恢复。', engineer: 0, answered: 40, waited: { for: 'wait_third', from: 330, to: 1500 }, solved: 1720, solution: '散热风扇停转，备件到货后更换。', spent: 75, closed: 540, rating: 4 },
  { day: 19, minute: 75, customer: 11, product: WMS, type: '使用咨询', priority: 'low', title: '图书批量退货流程', description: '退回出版社时能否一次建单。', engineer: 2, answered: 90, solved: 150, solution: '介绍“退供应商”批量导入，提供模板并演示一次。', spent: 40, closed: 720, rating: 5 },
  { day: 18, minute: 120, customer: 0, product: WMS, type: '软件问题', priority: 'urgent', title: '早高峰系统卡顿无法出库', description: '8:50 起所有页面打开超过 30 秒，120 单压在打包台。', engineer: 3, answered: 5, solved: 118, solution: '历史任务表缺少索引，紧急加索引并清理半年前任务，页面恢复到 1 秒内。', spent: 115, closed: 330, rating: 4 },
  { day: 17, minute: 265, customer: 9, product: HANDHELD, type: '备件更换', priority: 'normal', title: '手带和腕托更换 10 套', description: '使用两年磨损。', engineer: 5, answered: 85, solved: 1370, solution: '已按合同发 10 套，快递签收。', spent: 20, closed: 640, rating: 5 },
  { day: 16, minute: 50, customer: 3, product: GATE, type: '硬件故障', priority: 'normal', title: '读卡无反应', description: '仓库后门读卡器刷卡无声音。', engineer: 1, answered: 62, solved: 820, solution: '读卡模块进水，更换并加装防水罩。', spent: 80, closed: 560, rating: 4 },
  { day: 15, minute: 190, customer: 5, product: WMS, type: '软件问题', priority: 'high', title: '电商平台订单漏抓取', description: '昨晚 20 点后约 60 单没有进系统。', engineer: 2, answered: 19, solved: 410, solution: '平台接口限流后未重试，补抓 63 单并加上断点续抓。', spent: 190, closed: 470, rating: 4 },
  { day: 14, minute: 340, customer: 8, product: PRINTER, type: '安装调试', priority: 'low', title: '新产线打印机装驱动', description: '两台新电脑。', engineer: 4, answered: 100, solved: 210, solution: '远程安装驱动、导入标签模板 14 个。', spent: 50, closed: 510, rating: 5 },
  { day: 13, minute: 85, customer: 2, product: HANDHELD, type: '硬件故障', priority: 'high', title: '冷库终端频繁自动关机', description: '进入 -18℃ 库区约 20 分钟后关机。', engineer: 3, answered: 17, waited: { for: 'wait_customer', from: 240, to: 900 }, solved: 1180, solution: '更换低温电池 6 块，并建议库外保温存放。', spent: 140, closed: 430, rating: 4 },
  { day: 12, minute: 140, customer: 6, product: SCALE, type: '硬件故障', priority: 'normal', title: '秤台显示 Err 4', description: '开机即报错。', engineer: 5, answered: 47, solved: 930, solution: '主板电容损坏，更换主板并重新标定，出具标定记录。', spent: 120, closed: 700 },
  { day: 11, minute: 30, customer: 10, product: TABLET, type: '使用咨询', priority: 'low', title: '平板能否外接脚踏开关', description: '工位希望脚踏确认。', engineer: 4, answered: 77, solved: 185, solution: '支持 USB 键盘类脚踏，推荐型号并给出按键映射方法。', spent: 25, closed: 620, rating: 5 },
  { day: 9, minute: 220, customer: 4, product: PRINTER, type: '硬件故障', priority: 'high', title: '高速打印时条码扫不出', description: '速度调到 6 以上条码边缘发虚。', engineer: 0, answered: 21, solved: 560, solution: '胶辊磨损，更换胶辊并把浓度调到 12。', spent: 90, closed: 480, rating: 5 },
  { day: 8, minute: 100, customer: 7, product: GATE, type: '软件问题', priority: 'normal', title: '离职人员仍可开门', description: '人事系统已停用，门禁未同步。', engineer: 1, answered: 29, solved: 650, solution: '同步任务账号密码过期，更新后立即下发停用名单 23 人。', spent: 85 },
  { day: 6, minute: 60, customer: 1, product: SCALE, type: '备件更换', priority: 'normal', title: '计价秤打印模块损坏', description: '小票只出半张，客户要求原厂备件。', engineer: 5, answered: 51, waited: { for: 'wait_third', from: 200 } },
  { day: 5, minute: 175, customer: 9, product: WMS, type: '软件问题', priority: 'high', title: '月结报表金额与台账不一致', description: '相差 1,283.50 元，怀疑退货未冲减。', engineer: 2, answered: 24, waited: { for: 'wait_customer', from: 330 } },
  { day: 4, minute: 45, customer: 5, product: HANDHELD, type: '硬件故障', priority: 'normal', title: '3 台终端充电触点烧黑', description: '座充上有异味，已停用。', engineer: 3, answered: 36, solved: 1020, solution: '座充电源适配器输出偏高，更换适配器 2 只、终端底壳 3 个。', spent: 130 },
  { day: 3, minute: 210, customer: 0, product: PRINTER, type: '硬件故障', priority: 'urgent', title: '主打包线打印机停机', description: '自动贴标线上唯一的打印机报 E12，整线停。', engineer: 0, answered: 8 },
  { day: 2, minute: 95, customer: 11, product: TABLET, type: '安装调试', priority: 'normal', title: '盘点用平板批量装应用', description: '共 15 台，希望月底盘点前完成。', engineer: 4, answered: 64 },
  { day: 1, minute: 150, customer: 6, product: WMS, type: '使用咨询', priority: 'low', title: '能否按客户打印不同面单', description: '两个大客户要求各自的面单样式。', engineer: null },
  { day: 1, minute: 380, customer: 2, product: GATE, type: '硬件故障', priority: 'high', title: '冷库通道门禁结霜无法识别', description: '早上人脸识别失败，需人工放行。', engineer: null },
];
